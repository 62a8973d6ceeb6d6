package import Diagnostics

/// A checked template, or a JSON payload assembled from several: pieces that are written one after another.
package struct Template: Sendable {
    /// How the value of an expression becomes bytes.
    package enum Rendering: Sendable {
        /// As text: a string as it is, lists and maps as compact JSON.
        case text
        /// The text form, escaped to stand between the quotes of a JSON string.
        case jsonString
        /// The value as JSON.
        case jsonValue
    }

    enum Segment: Sendable {
        case literal([UInt8])
        case expression(Expression, Rendering)
    }

    /// What the author wrote; of an assembled payload, the whole of it.
    package let source: LocatedText
    let segments: [Segment]
    /// What `render` writes, where nothing varies.
    package let constant: [UInt8]?

    /// Whether an expression in it reads `message`.
    package var usesMessage: Bool {
        segments.contains { segment in
            if case .expression(let expression, _) = segment { expression.usesMessage } else { false }
        }
    }

    /// The expression, where the whole scalar is one `${…}`.
    package var single: Expression? {
        if segments.count == 1, case .expression(let expression, .text) = segments[0] { return expression }
        return nil
    }
}
