import Expressions
import Testing

@Suite struct EvaluationTests {
    static let files = [
        "literals", "operators", "logic", "collections", "conversions", "strings", "macros", "facts", "functions",
    ]

    @Test(arguments: files.flatMap { ExpressionCase.load($0 + ".cases") })
    func yields(_ expected: ExpressionCase) {
        let message = expected.message.map { MessageFact.owned($0, binary: expected.isBinary) } ?? .none
        #expect(TestWorld.outcome(of: expected.expression, message: message) == expected.outcome)
    }
}
