import Diagnostics
import Expressions
import TestSupport
import Testing

@Suite struct DiagnosticsTests {
    /// Every line of `diagnostics.in`, with a mark under each place that is complained about: as in `on_open`, after the
    /// line `@message` as where everything exists.
    @Test func areMarkedUnderTheSource() {
        var output = ""
        var scope = Self.handlerScope
        for line in fixtureLines("diagnostics.in") {
            if line.text == "@message" {
                scope = TestWorld.scope
            } else {
                let text = line.text.replacing("␤", with: "\n")
                output += line.text + "\n" + Self.findings(of: text, in: scope) + "\n"
            }
        }
        Golden.expect(output, equals: Fixture("diagnostics.out").path)
    }

    @Test(arguments: ["n", "n + 1", "'yes'", "message.size", "size(items)"])
    func conditionsAreBools(_ text: String) {
        let expected = text == "n" ? [DiagnosticCode]() : [.conditionNotBool]
        var findings: [Diagnostic] = []
        let expression = TestWorld.parse(text, into: &findings)?
            .check(in: TestWorld.scope, expecting: .bool, into: &findings)
        #expect(findings.map(\.code) == expected)
        #expect((expression == nil) == !expected.isEmpty)
    }

    @Test func depthAndLengthAreBounded() {
        let texts = [
            String(repeating: "(", count: 20_000), String(repeating: "(", count: 500) + "1",
            String(repeating: "[", count: 500), String(repeating: "!", count: 500) + "yes",
            String(repeating: "-", count: 15_000) + "n", "1" + String(repeating: "+n", count: 500),
            String(repeating: "yes ? 1 : ", count: 500) + "1", "n" + String(repeating: ".a", count: 500),
            "n" + String(repeating: "[0]", count: 500),
        ]
        for text in texts {
            var findings: [Diagnostic] = []
            #expect(TestWorld.parse(text, into: &findings) == nil, "\(text.prefix(20))")
            #expect(findings.map(\.code) == [.expressionTooLarge], "\(text.prefix(20))")
        }
    }

    @Test func spansPointIntoEscapedScalars() {
        // The scalar "a\\t+ nope" of a YAML file, whose escape takes two bytes of the source and one of the text.
        let text = LocatedText(
            "n\t+ nope", at: SourceSpan(10..<21),
            runs: [.init(textOffset: 0, sourceOffset: 11), .init(textOffset: 2, sourceOffset: 14)])
        var findings: [Diagnostic] = []
        _ = ParsedExpression.parse(text, into: &findings)?.check(in: TestWorld.scope, into: &findings)
        #expect(findings.map(\.span) == [SourceSpan(16..<20)])
    }

    static var handlerScope: Scope {
        var scope = Scope(facts: .always, environment: ["HOST", "TOKEN"])
        for (slot, variable) in TestWorld.variables.enumerated() { scope.declare(variable.name, .session(slot)) }
        return scope
    }

    static func findings(of text: String, in scope: Scope) -> String {
        var findings: [Diagnostic] = []
        let parsed = TestWorld.parse(text, into: &findings)
        let expression = parsed?.check(in: scope, into: &findings)
        #expect((expression == nil) == findings.contains { $0.severity == .error }, "\(text)")
        return DiagnosticRenderer.inSourceOrder(findings).map { finding in
            let before = text.utf8.prefix(Int(finding.span.start)).count { $0 & 0b1100_0000 != 0b1000_0000 }
            let width = text.utf8.prefix(Int(finding.span.end)).count { $0 & 0b1100_0000 != 0b1000_0000 } - before
            let mark = String(repeating: " ", count: before) + "^" + String(repeating: "~", count: max(0, width - 1))
            let kind = finding.severity == .warning ? "warning: " : ""
            return "\(mark) \(finding.code.rawValue) \(kind)\(finding.message.text)\n"
                + (finding.help.map { "    help: \($0)\n" } ?? "")
        }.joined()
    }
}
