import Diagnostics
import Expressions
import PlanSyntax

/// Templates and expressions, which are evaluated at run time, and values made of them.
extension NodeReader {
    /// A scalar as a template, whatever its form: `send: 40` sends `40`.
    mutating func template(_ node: PlanNode, of name: String, _ example: String) -> ParsedTemplate {
        guard let scalar = node.scalar, !node.isNull else {
            if let comment = node.scalar?.trailingComment, looksLikeText(comment) {
                reportTakenForComment(comment, text: comment)
            } else {
                reportWrongType(node, of: name, Wanted("text", example))
            }
            return ParsedTemplate(literal: LocatedText("", at: node.span))
        }
        checkComment(behind: scalar)
        return parseTemplate(scalar) ?? ParsedTemplate(literal: LocatedText("", at: node.span))
    }

    /// Parses a scalar as a template; where YAML has taken its end for a comment, that is reported in place of what is
    /// then wrong with it.
    mutating func parseTemplate(_ scalar: PlanNode.Scalar) -> ParsedTemplate? {
        var problems: [Diagnostic] = []
        let parsed = ParsedTemplate.parse(scalar.text, into: &problems)
        if !problems.isEmpty, let comment = scalar.trailingComment, scalar.isPlain {
            if !looksLikeText(comment) { reportTakenForComment(comment, text: scalar.text.span.union(comment)) }
        } else {
            findings += problems
        }
        return parsed
    }

    /// Reports a comment behind plain text that looks as if it belonged to it: `#` without a space behind it.
    mutating func checkComment(behind scalar: PlanNode.Scalar) {
        guard scalar.isPlain, let comment = scalar.trailingComment, looksLikeText(comment) else { return }
        reportTakenForComment(comment, text: scalar.text.span.union(comment))
    }

    private func looksLikeText(_ comment: SourceSpan) -> Bool {
        guard let second = file.text(of: comment).utf8.dropFirst().first else { return false }
        return ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "#"), UInt8(ascii: "!")].contains(second)
    }

    /// `text` is all that the author may have meant, the comment included.
    private mutating func reportTakenForComment(_ comment: SourceSpan, text: SourceSpan) {
        report(
            .textTakenForComment, .textTakenForComment, at: comment,
            help: "if it belongs to the text, put that in quotes: \(quoted(file.text(of: text)))\n"
                + "if it is a comment, put a space behind the '#'")
    }

    /// The text as a YAML scalar in quotes.
    private func quoted(_ text: String) -> String {
        if !text.contains("\""), !text.contains("\\") { return "\"\(text)\"" }
        return "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }

    /// A bare expression, or a literal scalar in its place.
    mutating func condition(_ node: PlanNode, of name: String, _ example: String) -> ParsedExpression {
        expression(node, of: name, Wanted("a condition", example))
            ?? ParsedExpression(literal: .bool(true), text: LocatedText("true", at: node.span))
    }

    /// The same that gives milliseconds since 1970.
    mutating func time(_ node: PlanNode, of name: String, _ example: String) -> ParsedExpression {
        expression(node, of: name, Wanted("an expression", example))
            ?? ParsedExpression(literal: .int(0), text: LocatedText("0", at: node.span))
    }

    private mutating func expression(_ node: PlanNode, of name: String, _ wanted: Wanted) -> ParsedExpression? {
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, wanted)
            return nil
        }
        return expression(scalar)
    }

    /// An expression, or a literal of YAML or JSON in its place.
    mutating func operand(_ node: PlanNode) -> Operand {
        switch node.content {
        case .scalar(let scalar): expression(scalar).map { .expression($0) } ?? .unreadable(node.span)
        case .sequence, .mapping: .structure(value(node))
        case .unreadable: .unreadable(node.span)
        }
    }

    private mutating func expression(_ scalar: PlanNode.Scalar) -> ParsedExpression? {
        switch scalar.kind {
        case .null: return ParsedExpression(literal: .null, text: scalar.text)
        case .bool(let value): return ParsedExpression(literal: .bool(value), text: scalar.text)
        case .int(let value): return ParsedExpression(literal: .int(value), text: scalar.text)
        case .double(let value): return ParsedExpression(literal: .double(value), text: scalar.text)
        case .string: break
        }
        if scalar.text.text.contains("${") {
            reportTemplateInExpression(scalar)
            return nil
        }
        var problems: [Diagnostic] = []
        let parsed = ParsedExpression.parse(scalar.text, into: &problems)
        if !problems.isEmpty, let comment = scalar.trailingComment, scalar.isPlain {
            reportTakenForComment(comment, text: scalar.text.span.union(comment))
        } else {
            findings += problems
        }
        return parsed
    }

    private mutating func reportTemplateInExpression(_ scalar: PlanNode.Scalar) {
        var ignored: [Diagnostic] = []
        let unwrapped = String(scalar.text.text.replacing("${", with: "").filter { $0 != "}" })
        let isMeant = ParsedExpression.parse(LocatedText(unwrapped, at: scalar.text.span), into: &ignored) != nil
        let bare =
            ParsedTemplate.parse(scalar.text, into: &ignored)?.single?.source.text ?? (isMeant ? unwrapped : nil)
        let offset = Array(scalar.text.text.utf8).firstRange(of: Array("${".utf8))
        report(
            .templateInExpression, .templateInExpression,
            at: offset.map(scalar.text.span(of:)) ?? scalar.text.span,
            help: bare.map { "write it without: \($0)" } ?? "write names without '${' and '}', and text in quotes")
    }

    /// A value that keeps its type, with templates in the place of text.
    mutating func value(_ node: PlanNode) -> ValueTemplate {
        let content: ValueTemplate.Content =
            switch node.content {
            case .scalar(let scalar): scalarValue(scalar)
            case .unreadable: .unreadable
            case .sequence(let elements): .list(elements.map { value($0) })
            case .mapping(let entries):
                .map(
                    entries.map {
                        ValueTemplate.Entry(key: Located($0.key.text, at: $0.key.span), value: value($0.value))
                    })
            }
        return ValueTemplate(content, at: node.span)
    }

    private mutating func scalarValue(_ scalar: PlanNode.Scalar) -> ValueTemplate.Content {
        switch scalar.kind {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .number(ValueTemplate.Number(.int(value), writtenAs: scalar.text.text))
        case .double(let value): return .number(ValueTemplate.Number(.double(value), writtenAs: scalar.text.text))
        case .string:
            checkComment(behind: scalar)
            return parseTemplate(scalar).map { .template($0) } ?? .unreadable
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let textTakenForComment = Self("YAML takes this for a comment")

    fileprivate static let templateInExpression = Self("'${' has no place here: the expression stands bare")
}
