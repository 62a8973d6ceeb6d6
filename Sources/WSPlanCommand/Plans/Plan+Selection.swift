import LoadMetrics
import PlanModel

extension Plan {
    /// Leaves out the other scenarios, and the thresholds on what they would have done.
    mutating func keepScenarios(_ isSelected: (String) -> Bool) {
        let secrets = scenarios.flatMap(\.secrets)
        scenarios.removeAll { !isSelected($0.name) }
        // What stands in the others' addresses stands in the plan's text still.
        if !scenarios.isEmpty { scenarios[0].secrets = secrets }
        thresholds.removeAll { threshold in
            threshold.selector.tags.tags.contains { $0.name == "scenario" && !isSelected($0.value) }
        }
    }
}
