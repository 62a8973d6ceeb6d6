/// What could not be told apart, because there were more tag sets than `MetricsRecorder.tagSetLimit`: those samples are
/// found under `TagSet.overflow`, and without a selector.
package struct FoldedTagSets: Hashable, Sendable {
    /// By the metric whose samples were folded, the tag that has the most values, and so most likely is to blame.
    package private(set) var tags: [String: String] = [:]

    package init() {}

    init(tags: [String: String]) { self.tags = tags }

    package var isEmpty: Bool { tags.isEmpty }

    /// Notes a tag set that was one too many. Only the first one of a metric takes time.
    mutating func add(_ metric: MetricDefinition, _ tagSet: TagSet, among known: some Collection<TagSet>) {
        guard tags[metric.name] == nil else { return }
        var values: [String: Set<Tag>] = [:]
        for tag in tagSet.tags { values[tag.name] = [tag] }
        for other in known {
            for tag in other.tags where values[tag.name] != nil { values[tag.name]?.insert(tag) }
        }
        let most = values.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
        tags[metric.name] = most?.key ?? ""
    }

    mutating func merge(_ other: FoldedTagSets) { tags.merge(other.tags) { mine, _ in mine } }

    /// `ws_errors (by its tag 'kind')`, for each metric.
    package var inWords: [String] {
        tags.sorted { $0.key < $1.key }.map { metric, tag in tag.isEmpty ? metric : "\(metric) (by its tag '\(tag)')" }
    }
}
