import Diagnostics
import EventProgram
import Expressions
import JSON
import PlanModel

/// Parsed expressions, templates and values into checked ones. Nil where a diagnostic says why not.
extension ScenarioCompiler {
    mutating func template(_ parsed: ParsedTemplate, _ scope: Scope) -> Template? {
        note(parsed.references)
        return doubting(parsed.references, scope) { parsed.check(in: $0, into: &$1) }
    }

    /// Notes which sources of `data` are read.
    private mutating func note(_ references: [NameReference]) {
        for reference in references where reference.root == "data" {
            if let name = reference.field { usedData.insert(name) }
        }
    }

    mutating func condition(_ parsed: ParsedExpression, _ scope: Scope) -> Expression? {
        expression(parsed, expecting: .bool, scope)
    }

    /// `expected` are the types that are of any use there.
    mutating func expression(
        _ parsed: ParsedExpression, expecting expected: ValueTypes, _ scope: Scope
    ) -> Expression? {
        note(parsed.references)
        return doubting(parsed.references, scope) { parsed.check(in: $0, expecting: expected, into: &$1) }
    }

    /// `expected` are the types that are of any use there.
    mutating func source(
        of operand: Operand, expecting expected: ValueTypes = .any, _ scope: Scope
    ) -> ValueSource? {
        switch operand {
        case .expression(let parsed):
            let checked = expression(parsed, expecting: expected, scope)
            return checked.map { expression in expression.constant.map { .constant($0) } ?? .expression(expression) }
        case .structure(let value):
            if case .map = value.content, !expected.contains(.map) {
                diagnostics.append(
                    Diagnostic(
                        .typeMismatch, .expected(expected, found: .map), at: value.span,
                        help: "for example [1, 2], or range(3)"))
            }
            return source(of: value, scope)
        case .unreadable:
            lacksParts = true
            return nil
        }
    }

    mutating func source(of value: ValueTemplate, _ scope: Scope) -> ValueSource? {
        switch value.content {
        case .null: return .constant(.null)
        case .bool(let value): return .constant(.bool(value))
        case .number(let number): return .constant(number.expressionValue)
        case .template(let parsed):
            if let literal = parsed.literal { return .constant(.string(literal)) }
            return template(parsed, scope).map { .template($0) }
        case .list(let elements):
            var sources: [ValueSource] = []
            var isComplete = true
            for element in elements {
                if let source = source(of: element, scope) { sources.append(source) } else { isComplete = false }
            }
            return isComplete ? .list(sources) : nil
        case .map(let entries):
            var sources: [(key: String, value: ValueSource)] = []
            var isComplete = true
            for entry in entries {
                if let source = source(of: entry.value, scope) {
                    sources.append((entry.key.value, source))
                } else {
                    isComplete = false
                }
            }
            return isComplete ? .map(sources) : nil
        case .unreadable:
            lacksParts = true
            return nil
        }
    }

    /// Looks into something that may stand in a block. Of a name that nothing declares it is noted which `use` does not
    /// give it: it may be one of several, of which others do.
    mutating func notingUse<Checked>(_ check: (inout [Diagnostic]) -> Checked) -> Checked {
        let before = diagnostics.count
        let checked = check(&diagnostics)
        guard let use = openBlocks.last else { return checked }
        for index in before..<diagnostics.count
        where [.unknownName, .undeclaredVariable].contains(diagnostics[index].code) {
            diagnostics[index].notes.append(Diagnostic.Note("no 'with' gives it to the block here", at: use.span))
        }
        return checked
    }

    // MARK: JSON payloads

    /// A template that renders a JSON document; all of it that does not vary is rendered here.
    mutating func jsonTemplate(_ value: ValueTemplate, _ scope: Scope) -> Template? {
        var builder = JSONTemplateBuilder(at: value.span)
        let errorsBefore = diagnostics.count
        appendJSON(value, to: &builder, scope)
        return diagnostics.count == errorsBefore ? builder.build() : nil
    }

    private mutating func appendJSON(_ value: ValueTemplate, to builder: inout JSONTemplateBuilder, _ scope: Scope) {
        switch value.content {
        case .null: builder.append("null")
        case .bool(let value): builder.append(value ? "true" : "false")
        case .number(let number):
            // A number that JSON cannot say was reported when it was read.
            builder.append(number.json ?? "null")
        case .template(let parsed):
            if let literal = parsed.literal {
                builder.append(jsonString(literal))
            } else if let template = template(ofJSON: parsed, scope) {
                builder.append(template)
            }
        case .list(let elements):
            builder.append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { builder.append(",") }
                appendJSON(element, to: &builder, scope)
            }
            builder.append("]")
        case .map(let entries):
            builder.append("{")
            for (index, entry) in entries.enumerated() {
                if index > 0 { builder.append(",") }
                builder.append(jsonString(entry.key.value))
                builder.append(":")
                appendJSON(entry.value, to: &builder, scope)
            }
            builder.append("}")
        case .unreadable: lacksParts = true
        }
    }

    /// A template within JSON. One that gives what JSON has no form for is wrong, as far as that is known before the run.
    private mutating func template(ofJSON parsed: ParsedTemplate, _ scope: Scope) -> Template? {
        note(parsed.references)
        return doubting(parsed.references, scope) { scope, diagnostics in
            let template = parsed.check(in: scope, into: &diagnostics)
            if let single = template?.single, let problem = Self.problemInJSON(of: single) {
                diagnostics.append(problem)
            }
            return template
        }
    }

    private static func problemInJSON(of expression: Expression) -> Diagnostic? {
        if expression.staticType == .bytes {
            return Diagnostic(
                .typeMismatch, .bytesInJSON, at: expression.source.span,
                help: "hex(x), base64.encode(x) and string(x) make text of them")
        }
        guard let constant = expression.constant else { return nil }
        var writer = JSONWriter()
        if constant.write(to: &writer) { return nil }
        return Diagnostic(.typeMismatch, .withoutJSON, at: expression.source.span)
    }

    private func jsonString(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return writer.text
    }
}

/// A JSON payload in the making: the template, and the text that stands for it in listings.
private struct JSONTemplateBuilder {
    private var builder: TemplateBuilder
    private var text = ""
    private let span: SourceSpan

    init(at span: SourceSpan) {
        self.span = span
        builder = TemplateBuilder(source: LocatedText("", at: span))
    }

    /// JSON as it is sent.
    mutating func append(_ json: String) {
        builder.appendLiteral(json.utf8)
        text += json
    }

    /// One single `${…}` is its value as JSON, anything else a string.
    mutating func append(_ template: Template) {
        builder.append(template, as: .jsonValue)
        text += template.single == nil ? "\"\(template.source.text)\"" : template.source.text
    }

    func build() -> Template {
        var builder = builder
        builder.source = LocatedText(text, at: span)
        return builder.build()
    }
}

extension ValueTemplate.Number {
    fileprivate var expressionValue: Expressions.Value {
        switch value {
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func expected(_ expected: ValueTypes, found: ValueTypes) -> Self {
        Self("\(expected) should stand here, this is \(found)")
    }

    fileprivate static let bytesInJSON = Self("bytes cannot stand within JSON")

    fileprivate static let withoutJSON = Self("this value cannot be written as JSON")
}
