/// A metric, or the part of its samples that has certain tags: `checks{check=greeting}`.
package struct MetricSelector: Hashable, Sendable {
    package var metric: MetricDefinition
    package var tags: TagSet

    package init(_ metric: MetricDefinition, _ tags: TagSet = [:]) {
        self.metric = metric
        self.tags = tags
    }

    /// Whether the samples of a series are among those selected.
    func selects(_ metric: MetricDefinition, _ tags: TagSet) -> Bool {
        self.metric.name == metric.name && tags.matches(self.tags)
    }
}

extension MetricSelector: CustomStringConvertible {
    package var description: String { metric.name + tags.description }
}
