import Diagnostics
import PlanModel

/// `cancel` names a timer that no step starts.
///
/// ## Why it matters
/// Such a step stops nothing: the timer that it was meant for goes on.
///
/// ## Example
/// ```yaml
/// on_open:
///   - every: 1s
///     id: heartbeat
///     do:
///       - ping
/// on_message:
///   - cancel: hartbeat
/// ```
///
/// ## Instead
/// Give `cancel` the `id` of an `every` or an `after`.
struct UnknownTimer: PlanRule {
    static let code = DiagnosticCode.unknownTimer

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        // A step that several scenarios share has its timer where one of them starts it.
        var known: Set<SourceSpan> = []
        var unknown: [(id: Located<String>, timers: Candidates)] = []
        for steps in ScenarioSteps.all(of: plan) {
            var ids: [String] = []
            var cancelled: [Located<String>] = []
            steps.walk { step in
                if let id = step.timerID { ids.append(id.value) }
                if case .cancel(let id) = step.kind { cancelled.append(id) }
            }
            let timers = Candidates(ids)
            for id in cancelled {
                if timers.contains(id.value) || id.value.isEmpty || plan.mayDeclare(id.value, in: .timers) {
                    known.insert(id.span)
                } else {
                    unknown.append((id, timers))
                }
            }
        }
        for (id, timers) in unknown where !known.contains(id.span) {
            let help = timers.help(
                for: id.value, "timers", none: "give the 'every' or 'after' that it is to stop an 'id'")
            findings.append(Diagnostic(Self.code, .unknownTimer(id.value), at: id.span, help: help))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownTimer(_ id: String) -> Self { Self("no timer has the id '\(id)'") }
}
