package import Diagnostics
package import EventProgram
package import PlanModel

/// Turns a typed plan into the programs that its virtual users execute.
///
/// Names are resolved and types are checked on the way: what is wrong with them is reported like everything else that is
/// wrong with a plan, all at once.
package enum PlanCompiler {
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
            let program = compiler.compile()
            diagnostics += compiler.diagnostics
            guard !compiler.diagnostics.contains(where: { $0.severity == .error }) else { continue }
            do throws(VerificationError) {
                try program.verify()
            } catch {
                preconditionFailure("the compiler made a program that does not verify: \(error)")
            }
            programs.append(program)
        }
        let isUsable = programs.count == plan.scenarios.count
        return Output(programs: isUsable ? programs : [], diagnostics: DiagnosticRenderer.inSourceOrder(diagnostics))
    }
}
