import Diagnostics
import Expressions
import TestSupport
import Testing

/// The lines of a file in `Fixtures` that are neither empty nor comments, with their numbers.
func fixtureLines(_ name: String) -> [(number: Int, text: String)] {
    guard let text = try? TextFile.read(Fixture(name).path) else { preconditionFailure("cannot read \(name)") }
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .map { ($0.offset + 1, String($0.element)) }
        .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
}

/// One line `expression => outcome` of a `.cases` file, with the message that the last `@message` or `@binary` line gave. In
/// the expression, ␤ stands for a line feed.
struct ExpressionCase: Sendable, CustomTestStringConvertible {
    var place: String
    var expression: String
    /// A value as `typed` writes it, or `error: reason`.
    var outcome: String
    var message: [UInt8]?
    var isBinary = false

    var testDescription: String { "\(place) \(expression)" }

    static func load(_ name: String) -> [ExpressionCase] {
        var cases: [ExpressionCase] = []
        var message: [UInt8]?
        var isBinary = false
        for (number, line) in fixtureLines(name) {
            if line.hasPrefix("@message ") {
                (message, isBinary) = (Array(line.dropFirst(9).utf8), false)
            } else if line.hasPrefix("@binary") {
                (message, isBinary) = (bytes(ofHex: line.dropFirst(7)), true)
            } else {
                guard let arrow = line.range(of: " => ") else { preconditionFailure("\(name):\(number): no =>") }
                cases.append(
                    ExpressionCase(
                        place: "\(name):\(number)",
                        expression: String(line[..<arrow.lowerBound]).trimmed.replacing("␤", with: "\n"),
                        outcome: String(line[arrow.upperBound...]).trimmed, message: message, isBinary: isBinary))
            }
        }
        return cases
    }

    private static func bytes(ofHex text: Substring) -> [UInt8] {
        text.split(separator: " ").map { UInt8($0, radix: 16) ?? 0 }
    }
}

extension String {
    var trimmed: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The last occurrence, since expressions may hold what separates them.
    func range(of needle: String) -> Range<String.Index>? {
        var found: Range<String.Index>?
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { found = start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return found
    }
}

extension Value {
    /// The value with its type: `1`, `1u`, `1.0`, `"text"`, `b"00 ff"`, `[1, 2u]`, `{"a": null}`.
    var typed: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): value.isNaN ? "nan" : "\(value)"
        case .string(let value): "\"" + value.unicodeScalars.map(Self.escaped).joined() + "\""
        case .bytes(let value):
            "b\"" + value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ") + "\""
        case .list(let elements): "[" + elements.map(\.typed).joined(separator: ", ") + "]"
        case .map(let map):
            "{" + map.entries.map { "\($0.key.typed): \($0.value.typed)" }.joined(separator: ", ") + "}"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case "\n": "\\n"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x300...0x36F).contains(scalar.value):
            "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
}

/// The names that test expressions may use, and their values.
enum TestWorld {
    static let variables: [(name: String, value: Value)] = [
        ("n", .int(3)), ("u", .uint(7)), ("x", .double(2.5)), ("name", .string("Ada")), ("nothing", .null),
        ("yes", .bool(true)), ("raw", .bytes([0, 0xFF])), ("items", .list([.int(1), .int(2), .int(3)])),
        (
            "user",
            .map(
                ValueMap([
                    ("id", .int(42)), ("name", .string("Ada")), ("tags", .list([.string("a"), .string("b")])),
                ]))
        ),
    ]

    static var scope: Scope {
        var scope = Scope(
            facts: [.vu, .run, .scenario, .env, .data, .server, .response, .message, .error, .close],
            environment: ["HOST", "TOKEN"])
        for (slot, variable) in variables.enumerated() { scope.declare(variable.name, .session(slot)) }
        scope.declare("task", .local(0))
        scope.declareData("users", .session(8))
        return scope
    }

    static func context(message: MessageFact = .none) -> EvaluationContext {
        EvaluationContext(
            run: RunFacts(
                runID: "r-1", scenario: "chat", serverURL: "ws://127.0.0.1:9/",
                environment: [.string("example.test"), .string("s3cret")]),
            variables: variables.map(\.value), locals: [.string("local")], message: message,
            response: ResponseFact(
                status: 101, headers: [("Server", "x/1"), ("Via", "a"), ("via", "b")], subprotocol: "chat.v1", body: []),
            error: ErrorFact(kind: .closeSent, message: "too late"),
            close: CloseFact(code: 1000, reason: "bye", by: .loadEnd), vuID: 5, vuIteration: 2, runIteration: 11,
            wallNanoseconds: 1_769_860_800_123_456_789)
    }

    static func parse(_ text: String, into findings: inout [Diagnostic]) -> ParsedExpression? {
        ParsedExpression.parse(located(text), into: &findings)
    }

    static func located(_ text: String) -> LocatedText {
        LocatedText(text, at: SourceSpan(0..<text.utf8.count))
    }

    /// The value in typed form, `error: …` of the evaluation, or the first diagnostic.
    static func outcome(of text: String, message: MessageFact = .none) -> String {
        var findings: [Diagnostic] = []
        guard let expression = parse(text, into: &findings)?.check(in: scope, into: &findings) else {
            return "invalid: \(findings.first?.message.text ?? "nothing was said")"
        }
        var context = context(message: message)
        do throws(EvaluationError) {
            return try expression.evaluate(in: &context).typed
        } catch {
            return "error: \(error.reason)"
        }
    }
}
