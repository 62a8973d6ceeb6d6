import Diagnostics
import LoadMetrics
import PlanModel

/// A threshold is on samples of a metric of the plan's own that no step can give.
///
/// ## Why it matters
/// The threshold would fail in every run, or, on a counter, hold in every run without having judged anything.
///
/// ## Example
/// ```yaml
/// on_open:
///   - mark: order
///   - group: login
///     do:
///       - send: login
/// on_message:
///   - measure: order_time
///     since: order
/// thresholds:
///   order_time{group=login}: p(95) < 200ms
/// ```
///
/// ## Instead
/// Name the group in which the `record` or `measure` stands, or leave the tag out. A metric that nothing samples needs a
/// step that does, in a handler or in a block that one uses.
struct UnsampledThreshold: PlanRule {
    static let code = DiagnosticCode.unsampledThreshold
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        let metrics = Set(plan.metrics.map(\.name.value))
        let selectors = plan.selectors.filter { metrics.contains($0.value.metric.name) }
        // What could not be read may sample any of them.
        guard !selectors.isEmpty, plan.isWhollyRead else { return }
        let scenarios = plan.scenarios.map { (name: $0.name, paths: GroupPaths(of: $0, plan.blocks)) }
        let written = plan.sampledMetrics
        for selector in selectors {
            let wanted = selector.tags.first { $0.name == "scenario" }?.value.value
            let paths = scenarios.filter { wanted?.hasSameBytes(as: $0.name) ?? true }.map(\.paths)
            guard !paths.isEmpty, paths.allSatisfy(\.isComplete) else { continue }
            let metric = selector.value.metric.name
            let groups = Set(paths.flatMap { $0.sampled[metric] ?? [] })
            if groups.isEmpty {
                let help =
                    written.contains(metric)
                    ? "a step that does is in no handler, and in no block that one uses"
                    : "give it samples, or leave the threshold out"
                findings.append(Diagnostic(Self.code, .unsampled(metric), at: selector.span, help: help))
            } else if let group = selector.tags.first(where: { $0.name == "group" })?.value,
                paths.contains(where: { $0.found.contains(group.value) }), !groups.contains(group.value)
            {
                let names = Candidates(groups.compactMap(\.self).sorted())
                findings.append(
                    Diagnostic(
                        Self.code, .unsampled(metric, in: group.value), at: group.span,
                        help: names.help(
                            for: group.value, "groups that do",
                            none: "it is sampled outside of all groups: leave out the tag 'group'")))
            }
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unsampled(_ metric: String) -> Self { Self("nothing samples '\(metric)'") }

    fileprivate static func unsampled(_ metric: String, in group: String) -> Self {
        Self("nothing in the group '\(group)' samples '\(metric)'")
    }
}
