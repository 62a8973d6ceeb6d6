import Diagnostics
import LoadMetrics
import PlanModel

extension Plan {
    /// What the plan asks for that is read and judged, and cannot be run by this version.
    var notSupportedYet: [Diagnostic] {
        thresholds.filter { $0.abortsRun || $0.afterNanoseconds > 0 || $0.windowNanoseconds != nil }.map { threshold in
            Diagnostic(
                .notSupportedYet, .longFormNotSupportedYet, at: threshold.condition.span,
                help: "write the condition alone: \(threshold.condition.value)")
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let longFormNotSupportedYet = Self(
        "the long form of a threshold is not supported by this version of wsplan yet")
}
