package import Diagnostics
package import EventProgram
package import PlanModel

/// Turns a typed plan into the programs that its virtual users execute.
///
/// Names are resolved and types are checked on the way: what is wrong with them is reported like everything else that is
/// wrong with a plan, all at once.
package enum PlanCompiler {
    /// The programs of a plan, or why there are none.
    package struct Output {
        /// A program for each scenario; empty where the diagnostics have an error.
        package var programs: [Program]
        package var diagnostics: [Diagnostic]
    }

    package static func compile(_ plan: Plan) -> Output {
        var programs: [Program] = []
        var found: [[Diagnostic]] = []
        var usedBlocks: Set<String> = []
        var first: ScenarioCompiler?
        for scenario in plan.scenarios {
            var compiler = ScenarioCompiler(plan: plan, scenario: scenario)
            if let program = compiler.compile() { programs.append(program) }
            found.append(compiler.diagnostics)
            usedBlocks.formUnion(compiler.usedBlocks)
            first = first ?? compiler
        }
        let diagnostics =
            attributed(found, to: plan.scenarios) + (first?.problems(inBlocksOtherThan: usedBlocks) ?? [])
        let isUsable =
            programs.count == plan.scenarios.count && !diagnostics.contains { $0.severity == .error }
        return Output(programs: isUsable ? programs : [], diagnostics: DiagnosticRenderer.inSourceOrder(diagnostics))
    }

    /// What is wrong with each scenario. Of what several share, and what is wrong in some of them alone, it is said in which.
    private static func attributed(_ found: [[Diagnostic]], to scenarios: [Scenario]) -> [Diagnostic] {
        struct Finding: Hashable {
            var span: SourceSpan
            var message: Diagnostic.Message
        }
        var counts: [Finding: Int] = [:]
        for diagnostics in found {
            for finding in Set(diagnostics.map { Finding(span: $0.span, message: $0.message) }) {
                counts[finding, default: 0] += 1
            }
        }
        return zip(scenarios, found).flatMap { scenario, diagnostics in
            diagnostics.map { diagnostic in
                let isOwn = scenario.ownSpan?.range.contains(diagnostic.span.range.lowerBound) ?? true
                let count = counts[Finding(span: diagnostic.span, message: diagnostic.message)]
                guard !isOwn, count != scenarios.count else { return diagnostic }
                var diagnostic = diagnostic
                diagnostic.notes.append(.init("it is so in the scenario '\(scenario.name)'", at: scenario.span))
                return diagnostic
            }
        }
    }
}
