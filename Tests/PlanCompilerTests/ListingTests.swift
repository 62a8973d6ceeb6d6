import Diagnostics
import EventProgram
import PlanCompiler
import PlanModel
import PlanSyntax
import TestSupport
import Testing

/// Each `Fixtures/*.yaml` compiles to the listing beside it, or to the diagnostics in its `.out`.
@Suite struct ListingTests {
    private func compile(_ fixture: Fixture) throws -> (file: SourceFile, output: PlanCompiler.Output) {
        let file = try fixture.source()
        let document = PlanDocument.read(file)
        let node = try #require(document.node)
        let reading = PlanReader(environment: [:]).read(node, of: file)
        try #require(document.diagnostics.isEmpty && reading.diagnostics.isEmpty)
        return (file, PlanCompiler.compile(try #require(reading.plan)))
    }

    @Test(arguments: Fixture.all(in: "ok")) func compilesToItsListing(_ fixture: Fixture) throws {
        let (file, output) = try compile(fixture)
        #expect(output.diagnostics.isEmpty, "\(DiagnosticRenderer(file: file).render(output.diagnostics))")
        Golden.expect(output.programs.listing(file: file), equals: fixture.pathWithoutEnding + ".listing")
    }

    /// What all stages say of a plan, as `wsplan lint` prints it.
    @Test(arguments: Fixture.all(in: "err", endingIn: [".yaml", ".json"]))
    func isRefusedWithItsDiagnostics(_ fixture: Fixture) throws {
        let plan = LintedPlan(try fixture.source())
        #expect(plan.programs.isEmpty)
        Golden.expect(plan.renderedDiagnostics, equals: fixture.path + ".out")
    }

    @Test func thereAreFixtures() {
        #expect(Fixture.all(in: "ok").count >= 3)
        #expect(Fixture.all(in: "err").count >= 3)
    }
}
