/// A threshold on a metric that counts failures replaces zero tolerance for them (plan-language.md §6).
extension Threshold {
    /// Whether it is on such a metric.
    var toleratesFailures: Bool {
        [.wsSessionFailed, .checks, .wsErrors].contains { (metric: MetricDefinition) in
            metric.name == selector.metric.name
        }
    }

    /// Whether it does so for these failures. One on failed sessions covers also the checks and the errors by which they
    /// failed.
    func covers(_ failure: VerdictFacts.Failures) -> Bool {
        guard toleratesFailures else { return false }
        return selector.metric.name == MetricDefinition.wsSessionFailed.name
            ? failure.tags.matches(selector.tags) : selector.selects(failure.metric, failure.tags)
    }

    /// How many failures there are in what it has selected.
    func failures(in data: SeriesData?) -> UInt64 {
        switch data {
        case .counter(let count): UInt64(clamping: count)
        // A sample passes when the session failed.
        case .rate(let rate): selector.metric.name == MetricDefinition.wsSessionFailed.name ? rate.passes : rate.fails
        default: 0
        }
    }
}
