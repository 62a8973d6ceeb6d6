import Diagnostics
import Expressions
import LoadMetrics
import PlanSyntax

/// `thresholds`.
extension NodeReader {
    private static let longForm = KeySpace(owner: "a threshold", known: ["that", "abort", "after", "window"])
    private static let example = "thresholds:\n  ws_connecting: p(95) < 200ms"

    mutating func readThresholds(_ node: PlanNode, of scenario: Scenario, into plan: inout Plan) {
        let parser = ThresholdParser(
            catalog: plan.metricCatalog, planTags: scenario.tags.map(\.name.value),
            tagValues: Self.tagValues(of: scenario))
        let wanted = Wanted("a mapping of metrics to conditions", Self.example)
        for entry in entries(node, of: "'thresholds'", wanted) {
            let selector = self.selector(entry.key, parser)
            if let selector { plan.selectors.append(selector) }
            if entry.value.sequence?.isEmpty == true, entry.value.isComplete {
                reportEmpty(
                    entry.value, of: "the conditions of '\(entry.key.text)'", example: Self.example)
            }
            for condition in entry.value.sequence ?? [entry.value] {
                if let threshold = threshold(condition, on: selector, parser) { plan.thresholds.append(threshold) }
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

    /// One condition; of one on a metric that is wrong no more is known than that it is text.
    private mutating func threshold(
        _ node: PlanNode, on selector: LocatedSelector?, _ parser: ThresholdParser
    ) -> Threshold? {
        guard node.mapping == nil else {
            refuseMapping(node, on: selector, parser)
            return nil
        }
        guard let text = knownText(node, of: "a threshold", Self.conditionExample(selector)), let selector else {
            return nil
        }
        let count = findings.count
        let threshold = parser.threshold(text, on: selector, into: &findings)
        tellRendered(text.text, of: node, since: count)
        return threshold
    }

    /// Reports a mapping in the place of a condition: the long form, once, or what is no form of a threshold.
    private mutating func refuseMapping(_ node: PlanNode, on selector: LocatedSelector?, _ parser: ThresholdParser) {
        guard let entries = node.mapping, node.isComplete else { return }
        guard let first = entries.first(where: { Self.longForm.known.contains($0.key.text) }) else {
            reportWrongType(node, of: "a threshold", Wanted("text", Self.conditionExample(selector)))
            return
        }
        let that = entries.first { $0.key.text == "that" }?.value
        for entry in entries {
            if case .unknown = checkKey(entry.key, in: Self.longForm) { reportUnknownKey(entry.key, in: Self.longForm) }
        }
        report(
            .notSupportedYet, .longFormNotSupportedYet, at: first.key.span,
            help: "write the condition alone: \(that?.scalar?.text.text ?? Self.conditionExample(selector))")
        if let that, that.mapping == nil { _ = threshold(that, on: selector, parser) }
    }

    private static func conditionExample(_ selector: LocatedSelector?) -> String {
        selector.map { "\($0.value.metric.name): \($0.value.metric.exampleCondition)" }
            ?? "ws_connecting: p(95) < 200ms"
    }

    /// The values of tags that the run decides about, not the plan.
    private static func tagValues(of scenario: Scenario) -> [String: ThresholdParser.TagValues] {
        [
            "kind": .words(ErrorKind.allCases.map(\.rawValue)),
            "by": .words(CloseFact.Initiator.allCases.map(\.rawValue)),
            "code": .numbers(1000...4999, example: "1006"), "scenario": .words([scenario.name]),
        ]
    }
}

extension Diagnostic.Message {
    fileprivate static let longFormNotSupportedYet = Self(
        "the long form of a threshold is not supported by this version of wsplan yet")
}
