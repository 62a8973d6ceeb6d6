import Diagnostics
import Expressions
import Testing

@Suite struct EvaluationTests {
    static let files = [
        "literals", "operators", "logic", "collections", "conversions", "strings", "macros", "facts", "functions",
        "patterns", "digests",
    ]

    @Test(arguments: files.flatMap { ExpressionCase.load($0 + ".cases") })
    func yields(_ expected: ExpressionCase) {
        let message = expected.message.map { MessageFact.owned($0, binary: expected.isBinary) } ?? .none
        #expect(TestWorld.outcome(of: expected.expression, message: message) == expected.outcome)
    }

    /// What one evaluation may make is not used up by those before it: together these make more than 256 MiB.
    @Test(arguments: [true, false])
    func eachEvaluationHasItsBudgetToItself(_ isBorrowed: Bool) throws {
        var findings: [Diagnostic] = []
        // A million bytes out of ten thousand random ones, which are what takes time, above all under a sanitizer.
        let tenfold = "map(s, [s, s, s, s, s, s, s, s, s, s].join(''))"
        let source = "[random_string(10000)].\(tenfold).\(tenfold)[0].size() == 1000000"
        let expression = try #require(
            TestWorld.parse(source, into: &findings)?.check(in: TestWorld.scope, into: &findings))
        let borrowed = BorrowedExpression(expression)
        var context = TestWorld.context()
        try withExtendedLifetime(expression) {
            for _ in 0..<300 {
                let isTrue =
                    try isBorrowed
                    ? borrowed.evaluateCondition(in: &context) : expression.evaluateCondition(in: &context)
                #expect(isTrue)
            }
        }
    }
}
