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
        let examples = try Self.examples().map(\.expression)
        // What is unknown is answered with all that is known.
        let names = ["nope()", "1.nope()"].flatMap { call in
            var findings: [Diagnostic] = []
            _ = TestWorld.parse(call, into: &findings)?.check(in: TestWorld.scope, into: &findings)
            return findings[0].help?.split(separator: ": ")[1].split(separator: ", ").map(String.init) ?? []
        }
        try #require(names.count > 50)
        for name in names {
            let isShown = examples.contains { $0.contains("\(name)(") }
            #expect(isShown, "\(name)")
        }
    }

    private static func examples() throws -> [(line: Int, expression: String, value: String)] {
        var examples: [(line: Int, expression: String, value: String)] = []
        var isInside = false
        let text = try TextFile.read(BuiltProducts.packageRoot + "/docs/plan-language.md")
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isInside = line == "```cel"
            } else if isInside, let arrow = String(line).range(of: " → ") {
                let line = String(line)
                examples.append(
                    (index + 1, String(line[..<arrow.lowerBound]).trimmed, String(line[arrow.upperBound...]).trimmed))
            }
        }
        return examples
    }

    private static func printed(_ expression: String) -> String {
        var findings: [Diagnostic] = []
        let checked = TestWorld.parse(expression, into: &findings)?
            .check(in: Scope(facts: [.vu, .run, .scenario, .message]), findsFailures: false, into: &findings)
        guard let checked else { return "wrong: \(findings.map(\.message.text))" }
        let message = #"{"type": "order", "id": 42, "tags": ["a", "b"]}"#
        var context = EvaluationContext(
            run: RunFacts(), message: .owned(Array(message.utf8), binary: false),
            wallNanoseconds: 1_769_860_800_123_456_789)
        guard let value = try? checked.evaluate(in: &context) else { return "error" }
        var writer = JSONWriter()
        return value.write(to: &writer, as: .readable) ? writer.text : "no JSON"
    }
}
