import Diagnostics
import Expressions
import LoadMetrics
import PlanSyntax
import Quantities

/// `thresholds`.
extension NodeReader {
    private static let longForm = KeySpace(
        owner: "a threshold", known: ["that", "abort", "after", "window"], needed: [NeededKey("that", .text)],
        foreign: ["delay": "after", "abort_on_fail": "abort", "condition": "that", "threshold": "that"])
    private static let example = "thresholds:\n  ws_connecting: p(95) < 200ms"

    mutating func readThresholds(_ node: PlanNode, into plan: inout Plan) {
        let parser = ThresholdParser(
            catalog: plan.metricCatalog, planTags: plan.scenarios.flatMap { $0.tags.map(\.name.value) },
            tagValues: tagValues(of: plan.scenarios))
        let wanted = Wanted("a mapping of metrics to conditions", Self.example)
        for entry in entries(node, of: "'thresholds'", wanted) {
            let selector = self.selector(entry.key, parser)
            if let selector { plan.selectors.append(selector) }
            if entry.value.sequence?.isEmpty == true, entry.value.isComplete {
                reportEmpty(
                    entry.value, of: "the conditions of '\(entry.key.text)'", example: Self.example)
            }
            for node in entry.value.sequence ?? [entry.value] {
                guard let threshold = threshold(node, on: selector, parser) else { continue }
                plan.thresholds.append(threshold.rule)
                if threshold.time.isWritten { plan.judgedTimes.append(threshold.time) }
            }
        }
    }

    /// What a threshold is on. Of a metric that may be declared where it cannot be read nothing is known.
    private mutating func selector(_ key: LocatedText, _ parser: ThresholdParser) -> LocatedSelector? {
        var problems: [Diagnostic] = []
        let selector = parser.selector(key, into: &problems)
        let metric = String(key.text.prefix { $0 != "{" && $0 != " " })
        if mayDeclareMetric(metric) { problems.removeAll { $0.code == .unknownMetric } }
        findings += problems
        return selector
    }

    /// One threshold: its condition alone, or the long form.
    private mutating func threshold(
        _ node: PlanNode, on selector: LocatedSelector?, _ parser: ThresholdParser
    ) -> (rule: Threshold, time: JudgedTime)? {
        guard node.mapping != nil else {
            guard let rule = condition(node, on: selector, parser), let selector else { return nil }
            return (rule, JudgedTime(scenario: selector.scenario))
        }
        let example = "that: \(Self.condition(on: selector))\nabort: true"
        guard let fields = fields(node, of: Self.longForm, example: example) else { return nil }
        let abort = fields["abort"].map { boolean($0, of: "'abort'", "abort: true") } ?? false
        let after = fields["after"].flatMap { knownDuration($0, of: "'after'", "after: 10s", orZero: true) }
        let window = fields["window"].flatMap { self.window($0) }
        guard let that = fields["that"] else {
            reportMissing("that", of: "a threshold", fields, example: example)
            return nil
        }
        guard var rule = condition(that, on: selector, parser), let selector else { return nil }
        rule.abortsRun = abort
        rule.afterNanoseconds = after?.value ?? 0
        rule.windowNanoseconds = window?.value
        return (rule, JudgedTime(scenario: selector.scenario, after: after, window: window))
    }

    private mutating func window(_ node: PlanNode) -> Located<Int64>? {
        guard let window = knownDuration(node, of: "'window'", "window: 30s") else { return nil }
        let shortest = Threshold.shortestWindowNanoseconds
        guard window.value < shortest else { return window }
        report(.outOfRange, .shortWindow(DurationText.text(ofNanoseconds: shortest)), at: window.span)
        return nil
    }

    /// One condition; of one on a metric that is wrong no more is known than that it is text.
    private mutating func condition(
        _ node: PlanNode, on selector: LocatedSelector?, _ parser: ThresholdParser
    ) -> Threshold? {
        guard let text = knownText(node, of: "a threshold", Self.conditionExample(selector)), let selector else {
            return nil
        }
        let count = findings.count
        let threshold = parser.threshold(text, on: selector, into: &findings)
        tellRendered(text.text, of: node, since: count)
        return threshold
    }

    private static func condition(on selector: LocatedSelector?) -> String {
        selector?.value.metric.exampleCondition ?? "p(95) < 200ms"
    }

    private static func conditionExample(_ selector: LocatedSelector?) -> String {
        selector.map { "\($0.value.metric.name): \($0.value.metric.exampleCondition)" }
            ?? "ws_connecting: p(95) < 200ms"
    }

    /// The values of tags that the run decides about, not the plan.
    private func tagValues(of scenarios: [Scenario]) -> [String: ThresholdParser.TagValues] {
        var values: [String: ThresholdParser.TagValues] = [
            "kind": .words(ErrorKind.allCases.map(\.rawValue)),
            "by": .words(CloseFact.Initiator.allCases.map(\.rawValue)),
            "code": .numbers(1000...4999, example: "1006"),
        ]
        if !lacking.contains(.sections) { values["scenario"] = .words(scenarios.map(\.name)) }
        return values
    }
}

extension LocatedSelector {
    /// The scenario whose samples alone are selected.
    fileprivate var scenario: String? { tags.first { $0.name == "scenario" }?.value.value }
}

extension Diagnostic.Message {
    fileprivate static func shortWindow(_ shortest: String) -> Self {
        Self("a window has to be at least \(shortest) long")
    }
}
