import Diagnostics
import Expressions

/// The names that an expression may use, and their values.
private enum World {
    static let scope: Scope = {
        var scope = Scope(
            facts: [.vu, .run, .scenario, .env, .server, .response, .message, .error, .close], environment: ["HOST"])
        for (slot, variable) in variables.enumerated() { scope.declare(variable.name, .session(slot)) }
        scope.declare("task", .local(0))
        scope.declareData("users", .session(variables.count - 1))
        return scope
    }()

    private static let variables: [(name: String, value: Value)] = [
        ("n", .int(3)), ("u", .uint(7)), ("x", .double(2.5)), ("name", .string("Ada")), ("nothing", .null),
        ("raw", .bytes([0, 0xFF])), ("items", .list([.int(1), .string("two"), .double(3)])),
        ("user", .map(ValueMap([("id", .int(42)), ("tags", .list([.string("a")]))]))),
    ]

    static var context: EvaluationContext {
        EvaluationContext(
            run: RunFacts(runID: "r-1", scenario: "s", serverURL: "ws://127.0.0.1:9/", environment: [.string("h")]),
            variables: variables.map(\.value), locals: [.string("local")],
            message: .owned(Array(#"{"id": 7, "tags": ["a", {"b": null}], "text": "\u00e9"}"#.utf8), binary: false),
            response: ResponseFact(status: 101, headers: [("Server", "x/1"), ("Via", "a")], subprotocol: "", body: []),
            error: ErrorFact(kind: .reset, message: "gone"), close: CloseFact(code: 1000, reason: "bye", by: .peer),
            wallNanoseconds: 1_769_860_800_123_456_789)
    }
}

/// Expressions and templates: parsing, checking, evaluating and explaining end; every place lies within the text; an
/// expression that was checked keeps the type it was given; evaluated again it does the same.
///
/// Input: the text, which is taken as an expression and as a template.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzExpressions(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: FuzzInput(start, count).rest, as: UTF8.self)
    let located = LocatedText(text, at: SourceSpan(0..<text.utf8.count))
    tryExpression(located)
    tryTemplate(located)
    return 0
}

private func tryExpression(_ text: LocatedText) {
    var findings: [Diagnostic] = []
    let parsed = ParsedExpression.parse(text, into: &findings)
    for reference in parsed?.references ?? [] { requireWithin(text, reference.span, reference.root) }
    let expression = parsed?.check(in: World.scope, into: &findings)
    requireWithin(text, findings)
    guard let expression else {
        require(!findings.isEmpty, "refused without a word")
        return
    }
    let first = evaluate(expression, in: World.context)
    if case .value(let type, _) = first {
        require(expression.staticType.contains(type), "\(type), though \(expression.staticType) was foreseen")
    }
    require(first == evaluate(expression, in: World.context), "evaluated again it does something else")
    for part in expression.explain(in: World.context) { requireWithin(text, part.span, part.source) }
}

private enum Outcome: Equatable {
    case value(ValueTypes, text: String?)
    case error(String)
}

private func evaluate(_ expression: Expression, in context: EvaluationContext) -> Outcome {
    var context = context
    do throws(EvaluationError) {
        let value = try expression.evaluate(in: &context)
        return .value(value.type, text: value.text)
    } catch {
        requireWithin(expression.source, error.span, error.reason)
        return .error(error.reason)
    }
}

private func tryTemplate(_ text: LocatedText) {
    var findings: [Diagnostic] = []
    let template = ParsedTemplate.parse(text, into: &findings)?.check(in: World.scope, into: &findings)
    requireWithin(text, findings)
    guard let template else {
        require(!findings.isEmpty, "refused without a word")
        return
    }
    var context = World.context
    var output: [UInt8] = []
    do throws(EvaluationError) {
        try template.render(into: &output, in: &context)
    } catch {
        requireWithin(text, error.span, error.reason)
    }
    if !text.text.utf8.contains(UInt8(ascii: "$")) {
        require(output.elementsEqual(text.text.utf8), "text without '$' is not what it renders")
    }
}

private func requireWithin(_ text: LocatedText, _ findings: [Diagnostic]) {
    for finding in findings {
        requireWithin(text, finding.span, finding.message.text)
        for note in finding.notes { requireWithin(text, note.span, note.text) }
    }
}

private func requireWithin(_ text: LocatedText, _ span: SourceSpan, _ what: String) {
    require(
        span.start >= text.span.start && span.end <= text.span.end, "'\(what)' at \(span.range) of \(text.span.range)")
}
