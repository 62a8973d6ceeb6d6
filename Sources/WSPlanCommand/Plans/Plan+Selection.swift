import LoadMetrics
import PlanModel

extension Plan {
    /// Leaves out the other scenarios, and the thresholds on what they would have done.
    mutating func keepScenarios(_ isSelected: (String) -> Bool) {
        scenarios.removeAll { !isSelected($0.name) }
        thresholds.removeAll { threshold in
            threshold.selector.tags.tags.contains { $0.name == "scenario" && !isSelected($0.value) }
        }
    }
}
