package import Diagnostics
import JSON

/// A checked template, or a JSON payload assembled from several: pieces that are written one after another.
///
/// A class, so that using one of a program's templates counts one reference and not one for each part: that was 6 % of
/// all instructions spent on an echo.
package final class Template: Sendable {
    /// How the value of an expression becomes bytes.
    package enum Rendering: Sendable {
        /// As text: a string as it is, lists and maps as compact JSON; bytes as they are where they are all there is.
        case text
        /// The same; but bytes have to be UTF-8.
        case validText
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

    init(source: LocatedText, segments: [Segment]) {
        self.source = source
        self.segments = segments
        // What is in a file is not copied once more.
        if segments.count == 1, case .literal(let bytes) = segments[0] {
            constant = bytes
            return
        }
        var output: [UInt8] = []
        let isConstant = segments.allSatisfy { segment in
            switch segment {
            case .literal(let bytes): output += bytes
            case .expression(let expression, let rendering):
                guard let value = expression.constant,
                    Self.write(value, as: rendering, isAlone: segments.count == 1, to: &output)
                else { return false }
            }
            return true
        }
        constant = isConstant ? output : nil
    }

    /// A template that writes these bytes.
    package convenience init(constant: [UInt8], source: LocatedText) {
        self.init(source: source, segments: constant.isEmpty ? [] : [.literal(constant)])
    }

    /// The facts that the expressions in it may read.
    package var facts: FactSet {
        segments.reduce(into: []) { facts, segment in
            if case .expression(let expression, _) = segment { facts.formUnion(expression.facts) }
        }
    }

    /// The expression, where the whole scalar is one `${…}`.
    package var single: Expression? {
        if segments.count == 1, case .expression(let expression, .text) = segments[0] { return expression }
        return nil
    }

    /// The types that it may give: any of its expression's where it is one single `${…}`, else text.
    package var staticType: ValueTypes { single?.staticType ?? .string }

    /// The same, and those of what is in it.
    package var type: StaticType { single?.type ?? StaticType(.string) }

    /// The text behind its last expression.
    package var trailingText: String {
        guard case .literal(let bytes)? = segments.last else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what it says to `output`. After an error a part of it may have been appended.
    package func render(
        into output: inout [UInt8], in context: inout EvaluationContext
    ) throws(EvaluationError) {
        if let constant {
            output += constant
            return
        }
        for segment in segments {
            switch segment {
            case .literal(let bytes): output += bytes
            case .expression(let expression, let rendering):
                let value = try expression.evaluate(in: &context)
                guard Self.write(value, as: rendering, isAlone: segments.count == 1, to: &output) else {
                    let form = rendering == .text || rendering == .validText ? "text" : "JSON"
                    throw EvaluationError(.cannotConvert(value.shown, to: form), at: expression.source.span)
                }
            }
        }
    }

    /// One single `${…}` keeps its type; anything else is a string.
    package func evaluate(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        if let single { return try single.evaluate(in: &context) }
        var output: [UInt8] = []
        try render(into: &output, in: &context)
        return .string(String(decoding: output, as: UTF8.self))
    }

    /// False for what has no such form.
    private static func write(
        _ value: Value, as rendering: Rendering, isAlone: Bool, to output: inout [UInt8]
    ) -> Bool {
        switch (rendering, value) {
        case (.text, .string(let text)), (.validText, .string(let text)): output += text.utf8
        case (.text, .bytes(let bytes)) where isAlone: output += bytes
        case (.validText, .bytes(let bytes)) where isAlone:
            guard String(validating: bytes, as: UTF8.self) != nil else { return false }
            output += bytes
        case (.text, _), (.validText, _):
            guard let text = value.text else { return false }
            output += text.utf8
        case (.jsonString, _):
            guard let text = value.text else { return false }
            appendJSONStringContent(text, to: &output)
        case (.jsonValue, _):
            // Handed over and taken back: with a second owner, all that was there before would be copied for each value.
            var writer = JSONWriter(appendingTo: exchange(&output, with: []))
            let isWritten = value.write(to: &writer)
            output = writer.bytes
            return isWritten
        }
        return true
    }

    /// Most texts need no escape and are copied once; the others take the way over a quoted string.
    static func appendJSONStringContent(_ text: String, to output: inout [UInt8]) {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            output += text.utf8
            return
        }
        var writer = JSONWriter()
        writer.string(text)
        output += writer.bytes.dropFirst().dropLast()
    }
}
