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
        var diagnostics: [Diagnostic] = []
        for scenario in plan.scenarios {
            var compiler = ScenarioCompiler(plan: plan, scenario: scenario)
            if let program = compiler.compile() { programs.append(program) }
            diagnostics += compiler.diagnostics
        }
        let isUsable = programs.count == plan.scenarios.count
        return Output(programs: isUsable ? programs : [], diagnostics: DiagnosticRenderer.inSourceOrder(diagnostics))
    }
}
