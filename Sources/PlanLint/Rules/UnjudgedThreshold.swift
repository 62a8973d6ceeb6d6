import Diagnostics
import PlanModel
import Quantities

/// A threshold is judged over a time that the run does not have.
///
/// ## Why it matters
/// With `after` behind the end of the load no sample is left, and where the load is shorter than a `window` none is ever full:
/// there is nothing to judge.
///
/// ## Example
/// ```yaml
/// load:
///   duration: 30s
/// thresholds:
///   ws_ping:
///     that: p(95) < 50ms
///     after: 10s
///     window: 1m
/// ```
///
/// ## Instead
/// Let the load last longer, or judge less of it.
struct UnjudgedThreshold: PlanRule {
    static let code = DiagnosticCode.unjudgedThreshold

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for time in plan.judgedTimes {
            let scenarios = plan.scenarios.filter { time.scenario == nil || $0.name == time.scenario }
            guard let end = end(of: scenarios) else { continue }
            let words = DurationText.text(ofNanoseconds: end)
            let after = time.after?.value ?? 0
            if let place = time.after, after >= end {
                findings.append(
                    Diagnostic(
                        Self.code, .beginsTooLate, at: place.span, help: "the load ends after \(words) at the latest"))
            } else if let window = time.window, window.value > end - after {
                findings.append(
                    Diagnostic(
                        Self.code, .neverFull(hasAfter: after > 0), at: window.span,
                        help: "the load ends after \(words) at the latest"))
            }
        }
    }

    /// When the last session of some scenarios may end, the closing aside; nil where nobody knows.
    private func end(of scenarios: [Scenario]) -> Int64? {
        var last: Int64 = 0
        for load in scenarios.map(\.load) {
            guard load.isWhollyKnown, let end = load.endNanoseconds else { return nil }
            last = max(last, end + load.gracefulStopNanoseconds)
        }
        return scenarios.isEmpty ? nil : last
    }
}

extension Diagnostic.Message {
    fileprivate static let beginsTooLate = Self("this threshold leaves out the whole run")

    fileprivate static func neverFull(hasAfter: Bool) -> Self {
        Self("this window is longer than the load" + (hasAfter ? " goes on behind 'after'" : ""))
    }
}
