import Diagnostics
import LoadMetrics
import PlanModel

/// No step samples a metric that the plan declares.
///
/// ## Why it matters
/// It stays empty in every run. Most often the step that should record it was forgotten, or names another metric.
///
/// ## Example
/// ```yaml
/// metrics:
///   order_time: trend(ms)
/// on_open:
///   - mark: order
/// on_message:
///   - measure: ordertime
///     since: order
/// ```
///
/// ## Instead
/// Sample it with `record` or `measure`, or leave it out.
struct UnsampledMetric: PlanRule {
    static let code = DiagnosticCode.unsampledMetric
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        let declared = Set(plan.metrics.map(\.name.value))
        let sampled = plan.sampledMetrics
        // A misspelt name may have meant any of them, and so may what could not be read.
        guard sampled.isSubset(of: declared), plan.isWhollyRead else { return }
        // Of one with a threshold that is an error.
        let judged = Set(plan.selectors.map(\.value.metric.name))
        for metric in plan.metrics where !sampled.contains(metric.name.value) && !judged.contains(metric.name.value) {
            let name = metric.name.value
            findings.append(
                Diagnostic(
                    Self.code, .unsampled(name), at: metric.name.span, severity: .warning,
                    help: "sample it, or leave it out:\n- record:\n    \(name): \(metric.kind == .rate ? "true" : "1")")
            )
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unsampled(_ name: String) -> Self { Self("nothing samples the metric '\(name)'") }
}
