import Diagnostics
import PlanModel

/// A step stands behind one that ends the session.
///
/// ## Why it matters
/// `close`, `fail` and `stop_run` end the task that they stand in, so that a step behind them never runs.
///
/// ## Example
/// ```yaml
/// on_open:
///   - close
///   - log: closed
/// ```
///
/// ## Instead
/// Put the step before the one that ends the session, or into `on_close`.
struct UnreachableStep: PlanRule {
    static let code = DiagnosticCode.unreachableStep

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for list in plan.stepLists { check(list, into: &findings) }
    }

    private func check(_ list: [Step], into findings: inout [Diagnostic]) {
        if let end = list.dropLast().firstIndex(where: \.endsTask) {
            let step = list[end + 1]
            findings.append(
                Diagnostic(
                    Self.code, .unreachable(step.verb.rawValue), at: step.span,
                    notes: [Diagnostic.Note("the task ends here", at: list[end].span)]))
        }
        for step in list {
            for body in step.bodies { check(body, into: &findings) }
        }
    }
}

extension Step {
    /// Whether nothing that follows this step in its list can run.
    fileprivate var endsTask: Bool {
        switch kind {
        case .close, .fail, .stopRun: true
        case .group(let group): group.steps.contains(where: \.endsTask)
        case .if(let branch): branch.then.contains(where: \.endsTask) && branch.otherwise.contains(where: \.endsTask)
        default: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unreachable(_ verb: String) -> Self { Self("this '\(verb)' is never reached") }
}
