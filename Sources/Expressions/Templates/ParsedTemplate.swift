package import Diagnostics

/// Text with `${expression}` in it; `$${` stands for a literal `${`.
package struct ParsedTemplate: Hashable, Sendable {
    enum Segment: Hashable, Sendable {
        /// Decoded: `$${` is `${` here.
        case literal(String)
        case expression(ParsedExpression)
    }

    package let source: LocatedText
    let segments: [Segment]

    init(source: LocatedText, segments: [Segment]) {
        self.source = source
        self.segments = segments
    }

    /// Text that is taken as it stands, `${` included.
    package init(literal: LocatedText) {
        source = literal
        segments = literal.text.isEmpty ? [] : [.literal(literal.text)]
    }

    /// The text, where nothing is interpolated.
    package var literal: String? {
        switch segments.count {
        case 0: return ""
        case 1:
            if case .literal(let text) = segments[0] { return text }
            return nil
        default: return nil
        }
    }

    /// The expression, where the whole scalar is one `${…}`: such a value keeps its type.
    package var single: ParsedExpression? {
        if segments.count == 1, case .expression(let expression) = segments[0] { return expression }
        return nil
    }

    /// The texts between the expressions, none of them empty.
    package var literals: [String] {
        segments.compactMap { if case .literal(let text) = $0 { text } else { nil } }
    }

    /// The text before its first expression, and that behind its last; both are all of it where there is none.
    package var ends: (prefix: String, suffix: String) {
        func literal(_ segment: Segment?) -> String {
            if case .literal(let text) = segment { text } else { "" }
        }
        return (literal(segments.first), literal(segments.last))
    }

    /// The names that its expressions refer to, in source order.
    package var references: [NameReference] {
        segments.flatMap { segment -> [NameReference] in
            if case .expression(let expression) = segment { expression.references } else { [] }
        }
    }
}
