import Diagnostics
import LoadMetrics
import PlanModel

/// A threshold ends the run before it can hold.
///
/// ## Why it matters
/// A count begins at zero and grows. One that has to be high is missed as soon as there is anything to judge, and with `abort` the
/// run is over.
///
/// ## Example
/// ```yaml
/// thresholds:
///   ws_sessions:
///     that: count > 1000
///     abort: true
/// ```
///
/// ## Instead
/// Leave `abort` out, so that the count is judged at the end, or judge each of a number of stretches with `window`.
struct HastyAbort: PlanRule {
    static let code = DiagnosticCode.hastyAbort

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for threshold in plan.thresholds where threshold.abortsRun && threshold.windowNanoseconds == nil {
            guard threshold.aggregate == .count, threshold.needsMoreThanNothing else { continue }
            findings.append(
                Diagnostic(
                    Self.code, .misses, at: threshold.condition.span,
                    help: "leave 'abort' out, or judge stretches of the run with 'window'"))
        }
    }
}

extension Threshold {
    /// Whether the condition does not hold of none and one.
    fileprivate var needsMoreThanNothing: Bool {
        !comparison.holds(0, limit.value) && !comparison.holds(1, limit.value)
    }
}

extension Diagnostic.Message {
    fileprivate static let misses = Self("the count is too low at first: this ends the run as soon as it is judged")
}
