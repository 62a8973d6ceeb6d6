extension RunSummary {
    /// Marks the checks and errors that failed and yet do not fail the run.
    package mutating func markTolerated(by facts: VerdictFacts) {
        let counting = facts.countingFailures
        let checksThatCount = counting.filter { $0.metric.name == MetricDefinition.checks.name }.map(\.tags)
        for index in checks.indices where checks[index].fails > 0 {
            let key = checks[index].key
            checks[index].isTolerated = !checksThatCount.contains(where: key.selects)
        }
        let errorsThatCount = counting.filter { $0.metric.name == MetricDefinition.wsErrors.name }.map(\.tags)
        for index in errors.indices {
            let tags: TagSet = ["kind": errors[index].key.kind, "scenario": errors[index].key.scenario]
            errors[index].isTolerated = !errorsThatCount.contains { $0.matches(tags) }
        }
    }
}
