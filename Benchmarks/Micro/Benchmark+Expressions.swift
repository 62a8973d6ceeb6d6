import Diagnostics
import Expressions

extension Benchmark {
    /// Templates, values in the JSON of messages, and conditions, as the interpreter evaluates them.
    static var ofExpressions: [Benchmark] {
        [
            Benchmark("template-constant", "a template of 64 B in which nothing varies") { operations in
                try render(#"{"symbol":"EURUSD","type":"subscribe","channels":["tick","book"]}"#, operations)
            },
            Benchmark("template-values", "a template with `${vu.id}` and `${random_int(1, 1000000)}`") { operations in
                try render(#"{"user":${vu.id},"type":"order","amount":${random_int(1, 1000000)}}"#, operations)
            },
            // The text of one has no room in a String by itself.
            Benchmark("template-uuid", "a template with `${uuid()}`", mostAllocations: 1) { operations in
                try render(#"{"type":"order","id":"${uuid()}"}"#, operations)
            },
            Benchmark("json-path", "`message.json.head.number` of 1 KiB", weight: 10) { operations in
                let messages = Samples.quotes()
                let path = checked("message.json.head.number")
                var context = EvaluationContext(run: RunFacts())
                return try fastestRound {
                    var sum: Int64 = 0
                    for index in 0..<operations {
                        context.message = .borrowed(messages[index & Samples.last], binary: false)
                        if case .int(let number) = try path.evaluate(in: &context) { sum += number + 1 }
                    }
                    precondition(sum >= operations, "not found")
                }
            },
            Benchmark("condition-json", #"the condition `message.json.type == "tick"`, of 64 B"#) { operations in
                try judge(#"message.json.type == "tick""#, of: Samples.ticks(), operations)
            },
            Benchmark("condition-text", "the condition `message.text == \"…\"`, of 64 B") { operations in
                let text = Samples.texts(ofBytes: 64)[0]
                let messages = Array(repeating: text, count: Samples.count)
                let words = String(decoding: text, as: UTF8.self)
                return try judge("message.text == '\(words)'", of: messages, operations)
            },
        ]
    }

    private static func render(_ text: String, _ operations: Int) throws -> Int64 {
        var findings: [Diagnostic] = []
        guard let template = ParsedTemplate.parse(located(text), into: &findings)?.check(in: scope, into: &findings)
        else { preconditionFailure("\(findings)") }
        var context = EvaluationContext(run: RunFacts())
        var output: [UInt8] = []
        return try fastestRound {
            var rendered = 0
            for _ in 0..<operations {
                output.removeAll(keepingCapacity: true)
                try template.render(into: &output, in: &context)
                rendered += output.count
            }
            precondition(rendered > 32 * operations, "\(rendered) bytes")
        }
    }

    /// The condition holds of all messages.
    private static func judge(
        _ text: String, of messages: [UnsafeRawBufferPointer], _ operations: Int
    ) throws -> Int64 {
        let expression = checked(text)
        let condition = BorrowedExpression(expression)
        var context = EvaluationContext(run: RunFacts())
        return try withExtendedLifetime(expression) {
            try fastestRound {
                var held = 0
                for index in 0..<operations {
                    context.message = .borrowed(messages[index & Samples.last], binary: false)
                    if try condition.evaluateCondition(in: &context) { held += 1 }
                }
                precondition(held == operations, "did not hold")
            }
        }
    }

    private static func checked(_ text: String) -> Expression {
        var findings: [Diagnostic] = []
        guard let expression = ParsedExpression.parse(located(text), into: &findings)?.check(in: scope, into: &findings)
        else { preconditionFailure("\(findings)") }
        return expression
    }

    private static var scope: Scope { Scope(facts: [.always, .message]) }

    private static func located(_ text: String) -> LocatedText {
        LocatedText(text, at: SourceSpan(0..<text.utf8.count))
    }
}
