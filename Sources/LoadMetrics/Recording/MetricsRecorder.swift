/// A series of one recorder: a metric with one set of tags. Only the recorder that gave it out knows it.
package struct SeriesID: Hashable, Sendable {
    fileprivate let kind: MetricKind
    fileprivate let index: UInt32
}

/// Counts the samples of one event loop. It belongs to its loop: nothing here is locked.
///
/// A series is looked up once and kept; counting a sample then finds its place by index, without hashing and without
/// allocating (but for a trend's first sample, which makes its histogram). Gauges are `SharedGauge`s instead.
package final class MetricsRecorder {
    /// How many tag sets a recorder tells apart. The samples of any further one are counted under `TagSet.overflow`.
    package static let tagSetLimit = 10_000

    private var seriesIDs: [SeriesKey: SeriesID] = [:]
    private var tagSets: Set<TagSet> = []
    private let counters = CellTable<Int64>()
    private let rates = CellTable<RateData>()
    private let trends = CellTable<TrendCell>()
    private var hasFoldedTagSets = false

    package init() {}

    /// The series of a metric with these tags; the same one each time. Not for the hot path.
    package func series(_ metric: MetricDefinition, _ tags: TagSet) -> SeriesID {
        let key = SeriesKey(metric: metric, tags: tags)
        if let id = seriesIDs[key] { return id }
        if !tagSets.contains(tags), tags != .overflow {
            guard tagSets.count < Self.tagSetLimit else {
                hasFoldedTagSets = true
                return series(metric, .overflow)
            }
            tagSets.insert(tags)
        }
        let id = makeSeries(metric)
        seriesIDs[key] = id
        return id
    }

    private func makeSeries(_ metric: MetricDefinition) -> SeriesID {
        let index =
            switch metric.kind {
            case .counter: counters.append(0)
            case .rate: rates.append(RateData())
            case .trend: trends.append(TrendCell())
            case .gauge: preconditionFailure("\(metric.name) is a gauge: loops share those")
            }
        return SeriesID(kind: metric.kind, index: UInt32(index))
    }

    /// Adds to a counter.
    package func add(_ id: SeriesID, _ count: Int = 1) {
        precondition(id.kind == .counter, "not a counter")
        counters.pointer(to: Int(id.index)).pointee &+= Int64(count)
    }

    /// One sample of a trend.
    package func record(_ id: SeriesID, nanoseconds: Int64) {
        precondition(id.kind == .trend, "not a trend")
        trends.pointer(to: Int(id.index)).pointee.record(nanoseconds)
    }

    /// One sample of a rate that counts as passed: a check that held, a session that failed.
    package func pass(_ id: SeriesID) {
        precondition(id.kind == .rate, "not a rate")
        rates.pointer(to: Int(id.index)).pointee.passes &+= 1
    }

    /// One sample of a rate that counts as not passed.
    package func fail(_ id: SeriesID) {
        precondition(id.kind == .rate, "not a rate")
        rates.pointer(to: Int(id.index)).pointee.fails &+= 1
    }

    /// A copy of everything counted so far. Taking it while samples still come costs each trend one copy of its
    /// histogram at its next sample.
    package func snapshot() -> MetricsSnapshot {
        var series: [SeriesKey: SeriesData] = [:]
        for (key, id) in seriesIDs {
            switch id.kind {
            case .counter: series[key] = .counter(counters.pointer(to: Int(id.index)).pointee)
            case .rate: series[key] = .rate(rates.pointer(to: Int(id.index)).pointee)
            case .trend: series[key] = .trend(trends.pointer(to: Int(id.index)).pointee.data)
            case .gauge: preconditionFailure("a gauge in a recorder")
            }
        }
        return MetricsSnapshot(series: series, hasFoldedTagSets: hasFoldedTagSets)
    }
}
