import Diagnostics
import PlanModel

/// A load never starts a virtual user.
///
/// ## Why it matters
/// Where all that the stages go to is zero, there is nothing to do: no session is attempted, and the run fails.
///
/// ## Example
/// ```yaml
/// load:
///   start_vus: 0
///   stages:
///     - duration: 1m
///       target: 0
/// ```
///
/// ## Instead
/// Begin with more than none, or go to more than none.
struct UnstartedScenario: PlanRule {
    static let code = DiagnosticCode.unstartedScenario

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for scenario in plan.scenarios where scenario.load.isWhollyKnown && !scenario.load.shape.everStarts {
            let kind = scenario.load.shape.isOpen ? "start_rate" : "start_vus"
            findings.append(
                Diagnostic(
                    Self.code, .neverStarts, at: scenario.load.span ?? scenario.span,
                    help: "give '\(kind)' or the 'target' of a stage a number above zero"))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let neverStarts = Self("this load never starts a virtual user")
}
