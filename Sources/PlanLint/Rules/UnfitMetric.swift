import Diagnostics
import PlanModel

/// `measure` gives times to a metric that takes none.
///
/// ## Why it matters
/// A time is a sample of a `trend(ms)` and of no other kind of metric: elsewhere its unit would be lost.
///
/// ## Example
/// ```yaml
/// metrics:
///   order_time: trend
/// on_open:
///   - mark: order
/// on_message:
///   - measure: order_time
///     since: order
/// ```
///
/// ## Instead
/// Declare it as `trend(ms)`, or leave the declaration out: a `measure` declares its metric.
struct UnfitMetric: PlanRule {
    static let code = DiagnosticCode.unfitMetric

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        plan.walk { step in
            guard case .measure(let measure) = step.kind, let metric = plan.metric(named: measure.metric.value),
                metric.kind != .time
            else { return }
            findings.append(
                Diagnostic(
                    Self.code, .unfit(metric), at: measure.metric.span,
                    help: "declare it as \(metric.name.value): trend(ms)",
                    notes: [Diagnostic.Note("it is declared here", at: metric.name.span)]))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unfit(_ metric: MetricDeclaration) -> Self {
        Self("'\(metric.name.value)' is a \(metric.kind.rawValue), and takes no times")
    }
}
