import Diagnostics
import PlanModel

/// Two timers of one scenario share an id.
///
/// ## Why it matters
/// Starting a timer whose id is running restarts it: the second timer would end the first one.
///
/// ## Example
/// ```yaml
/// on_open:
///   - every: 1s
///     id: tick
///     do:
///       - ping
///   - after: 10s
///     id: tick
///     do:
///       - close
/// ```
///
/// ## Instead
/// Give each timer an id of its own, or none where nothing cancels it.
struct DuplicateTimerID: PlanRule {
    static let code = DiagnosticCode.duplicateTimerID

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for steps in ScenarioSteps.all(of: plan) { check(steps, into: &findings) }
    }

    private func check(_ steps: ScenarioSteps, into findings: inout [Diagnostic]) {
        var ids: [Located<String>] = []
        steps.walk { step in
            if let id = step.timerID, !id.value.isEmpty { ids.append(id) }
        }
        var first: [String: SourceSpan] = [:]
        for id in ids.sorted(by: { $0.span.start < $1.span.start }) {
            guard let known = first[id.value] else {
                first[id.value] = id.span
                continue
            }
            if known == id.span {
                findings.append(
                    Diagnostic(
                        Self.code, .repeatedTimerID(id.value), at: id.span,
                        help: "put the steps into a block, and 'use' it"))
            } else {
                findings.append(
                    Diagnostic(
                        Self.code, .duplicateTimerID(id.value), at: id.span,
                        help: "give it an id of its own, or none where nothing cancels it",
                        notes: [Diagnostic.Note("the first timer with this id is here", at: known)]))
            }
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func duplicateTimerID(_ id: String) -> Self {
        Self("the timer id '\(id)' is already used in this scenario")
    }

    fileprivate static func repeatedTimerID(_ id: String) -> Self {
        Self("an alias makes a second timer with the id '\(id)'")
    }
}
