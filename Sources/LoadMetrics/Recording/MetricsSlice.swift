import Diagnostics

/// What one loop counted between two cuts of a `SliceSchedule`: by track, not by series, of which there may be thousands.
package struct MetricsSlice: Sendable {
    /// Since the run began; the last one of a loop may end earlier.
    let time: Range<Int64>
    /// Where the loop's next slice begins; `Int64.max` when it was the last.
    let next: Int64
    /// Those with samples. A trend that nobody watches has its count and sum alone.
    let tracks: [(key: SeriesKey, data: SeriesData)]
}

/// How a recorder cuts what it counts, and for whom.
package struct SliceOrder: Sendable {
    let schedule: SliceSchedule
    /// Of what thresholds judge a part of the run, or its percentiles.
    let watches: [MetricSelector]
    /// When the run began, by its clock.
    let startNanoseconds: Int64
    let deliver: @Sendable (MetricsSlice) -> Void
}

extension MetricDefinition {
    /// The tags by which the time series tells series of this metric apart.
    private var trackTags: [String] { self == .wsAwait ? ["scenario", "name"] : ["scenario"] }

    /// The track of a series that is there whether or not a threshold watches it.
    func trackTags(of tags: TagSet) -> TagSet {
        TagSet(tags.tags.filter { tag in trackTags.contains { $0.hasSameBytes(as: tag.name) } })
    }
}
