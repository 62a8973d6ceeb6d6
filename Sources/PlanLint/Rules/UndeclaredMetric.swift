import Diagnostics
import LoadMetrics
import PlanModel

/// `record` samples a metric that the plan does not declare.
///
/// ## Why it matters
/// How the samples of a metric add up is what its declaration says: without one they would be lost.
///
/// ## Example
/// ```yaml
/// metrics:
///   orders: counter
/// on_message:
///   - record:
///       order: 1
/// ```
///
/// ## Instead
/// Declare the metric in `metrics`, or write the name of one that is declared.
struct UndeclaredMetric: PlanRule {
    static let code = DiagnosticCode.undeclaredMetric

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        var samples: [Located<String>] = []
        var measures: Set<SourceSpan> = []
        plan.walk { step in
            switch step.kind {
            case .record(let entries): samples += entries.map(\.metric)
            case .measure(let measure): measures.insert(measure.metric.span)
            default: break
            }
        }
        let known = Set(plan.metrics.map(\.name.value))
        // A metric that only a `measure` declares is known, and not what one records.
        let metrics = Candidates(plan.metrics.filter { !measures.contains($0.name.span) }.map(\.name.value))
        for name in samples
        where !known.contains(name.value) && !name.value.isEmpty && !plan.mayDeclare(name.value, in: .metrics) {
            if MetricCatalog.builtIn[name: name.value] != nil {
                findings.append(
                    Diagnostic(
                        Self.code, .builtIn(name.value), at: name.span, help: "declare one of another name in 'metrics'"
                    ))
            } else {
                let help = metrics.help(
                    for: name.value, "the metrics of the plan", none: "declare it:\nmetrics:\n  \(name.value): counter")
                findings.append(Diagnostic(Self.code, .undeclared(name.value), at: name.span, help: help))
            }
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func undeclared(_ name: String) -> Self { Self("the plan declares no metric '\(name)'") }

    fileprivate static func builtIn(_ name: String) -> Self {
        Self("every run measures '\(name)' by itself: a plan cannot record it")
    }
}
