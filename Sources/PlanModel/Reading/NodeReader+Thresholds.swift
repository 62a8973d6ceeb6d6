import Diagnostics
import Expressions
import LoadMetrics
import PlanSyntax

/// `thresholds`.
extension NodeReader {
    private static let longForm = KeySpace(
        owner: "a threshold", known: [], later: ["that", "abort", "after", "window"])
    private static let example = "thresholds:\n  ws_connecting: p(95) < 200ms"

    mutating func readThresholds(_ node: PlanNode, of scenario: Scenario, into plan: inout Plan) {
        let parser = ThresholdParser(planTags: scenario.tags.map(\.name.value), tagValues: Self.tagValues(of: scenario))
        let wanted = Wanted("a mapping of metrics to conditions", Self.example)
        for entry in entries(node, of: "'thresholds'", wanted) {
            let selector = parser.selector(entry.key, into: &findings)
            if let selector { plan.selectors.append(selector) }
            if entry.value.sequence?.isEmpty == true, entry.value.isComplete {
                reportEmpty(
                    entry.value, of: "the conditions of '\(entry.key.text)'", example: Self.example)
            }
            for condition in entry.value.sequence ?? [entry.value] {
                guard condition.mapping == nil else {
                    refuseLongForm(condition)
                    continue
                }
                guard let text = knownText(condition, of: "a threshold", Self.example), let selector else { continue }
                if let threshold = parser.threshold(text, on: selector, into: &findings) {
                    plan.thresholds.append(threshold)
                }
            }
        }
    }

    private mutating func refuseLongForm(_ node: PlanNode) {
        for entry in node.mapping ?? [] {
            if case .unknown = checkKey(entry.key, in: Self.longForm) { reportUnknownKey(entry.key, in: Self.longForm) }
        }
        if node.mapping?.isEmpty == true { reportWrongType(node, of: "a threshold", Wanted("text", Self.example)) }
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
