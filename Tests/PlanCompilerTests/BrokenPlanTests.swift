import TestSupport
import Testing

/// Plans whose text is broken: all that can be known to be wrong is said at once, and nothing as a consequence.
@Suite struct BrokenPlanTests {
    @Test(arguments: Fixture.all(in: "broken", endingIn: [".yaml", ".json"]))
    func areJudgedAsFarAsTheyCanBeRead(_ fixture: Fixture) throws {
        let plan = LintedPlan(try fixture.source())
        #expect(plan.programs.isEmpty)
        Golden.expect(plan.renderedDiagnostics, equals: fixture.path + ".out")
    }
}
