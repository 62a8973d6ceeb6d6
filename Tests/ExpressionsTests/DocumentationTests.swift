import Diagnostics
import Expressions
import JSON
import TestSupport
import Testing

/// What `docs/plan-language.md` says of expressions, in its blocks of `expression → value`.
@Suite struct DocumentationTests {
    /// The value is written as `wsplan eval` prints it; `error` stands for none.
    @Test func everyExampleGivesItsValue() throws {
        let examples = try Self.examples()
        try #require(examples.count > 80)
        for (line, expression, value) in examples {
            #expect(Self.printed(expression) == value, "line \(line): \(expression)")
        }
    }

    @Test func everyFunctionHasAnExample() throws {
        // What is unknown is answered with all that is known.
        let names = ["nope()", "1.nope()"].flatMap { call in
            var findings: [Diagnostic] = []
            _ = TestWorld.parse(call, into: &findings)?.check(in: TestWorld.scope, into: &findings)
            return findings[0].help?.split(separator: ": ")[1].split(separator: ", ").map(String.init) ?? []
        }
        try #require(names.count > 50)
        let calls = Set(try Self.examples().flatMap { Self.calls(in: $0.expression) })
        for name in names { #expect(calls.contains(name), "\(name)") }
    }

    @Test(arguments: Fact.allCases) func everyNameHasAnExample(_ fact: Fact) throws {
        let isShown = try Self.examples().contains { example in
            var findings: [Diagnostic] = []
            let references = TestWorld.parse(example.expression, into: &findings)?.references ?? []
            return references.contains {
                ([$0.root] + [$0.field].compactMap(\.self)).joined(separator: ".") == fact.rawValue
            }
        }
        #expect(isShown)
    }

    /// The names in front of parentheses, but for those in text.
    private static func calls(in expression: String) -> [String] {
        expression.replacing(/"[^"]*"/, with: "").matches(of: /((?:base64|base64url)\.)?\w+(?=\()/).map { String($0.0) }
    }

    private static func examples() throws -> [(line: Int, expression: String, value: String)] {
        try CodeBlock.all(in: "docs/plan-language.md").filter { $0.info == "cel" }.flatMap { block in
            block.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                let sides = line.split(separator: " → ", maxSplits: 1).map { String($0).trimmed }
                return sides.count == 2 ? (block.line + 1 + index, sides[0], sides[1]) : nil
            }
        }
    }

    private static let scope = Scope(
        facts: [.vu, .run, .scenario, .env, .server, .response, .message, .error, .close], environment: ["HOST"])

    private static func printed(_ expression: String) -> String {
        var findings: [Diagnostic] = []
        let checked = TestWorld.parse(expression, into: &findings)?
            .check(in: scope, findsFailures: false, into: &findings)
        guard let checked else { return "wrong: \(findings.map(\.message.text))" }
        let message = #"{"type": "order", "id": 42, "tags": ["a", "b"]}"#
        var context = EvaluationContext(
            run: RunFacts(
                runID: "4f1c", scenario: "default", serverURL: "ws://127.0.0.1:9001/",
                environment: [.string("example.com")]),
            message: .owned(Array(message.utf8), binary: false),
            response: ResponseFact(
                status: 101, headers: [("Server", "example/1.0")], subprotocol: "chat.v2", body: []),
            error: ErrorFact(kind: .timeout, message: "no answer within 10s"),
            close: CloseFact(code: 1000, reason: "bye", by: .peer), wallNanoseconds: 1_769_860_800_123_456_789)
        guard let value = try? checked.evaluate(in: &context) else { return "error" }
        var writer = JSONWriter()
        return value.write(to: &writer, as: .readable) ? writer.text : "no JSON"
    }
}
