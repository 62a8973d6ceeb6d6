/// A series of one recorder: a metric with one set of tags. Only the recorder that gave it out knows it.
package struct SeriesID: Hashable, Sendable {
    fileprivate let kind: Kind
    fileprivate let index: UInt32
}

extension SeriesID {
    /// What its samples are kept as.
    fileprivate enum Kind {
        case counter, amount, rate, trend, level
    }
}

/// Counts the samples of one event loop. It belongs to its loop: nothing here is locked.
///
/// A series is looked up once and kept; counting a sample then finds its place by index, without hashing and without
/// allocating (but for a trend's first sample, which makes its histogram). Gauges of the runner are `SharedGauge`s instead.
package final class MetricsRecorder {
    /// How many tag sets a recorder tells apart. The samples of any further one are counted under `TagSet.overflow`.
    package static let tagSetLimit = 10_000

    private var seriesIDs: [SeriesKey: SeriesID] = [:]
    private var tagSets: Set<TagSet> = []
    private let counters = CellTable<Int64>()
    private let amounts = CellTable<Double>()
    private let rates = CellTable<RateData>()
    private let trends = CellTable<TrendCell>()
    private let levels = CellTable<LevelData>()
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
        let (kind, index): (SeriesID.Kind, Int) =
            switch (metric.kind, metric.unit) {
            case (.counter, .number): (.amount, amounts.append(0))
            case (.counter, _): (.counter, counters.append(0))
            case (.rate, _): (.rate, rates.append(RateData()))
            case (.trend, _): (.trend, trends.append(TrendCell()))
            case (.gauge, .number): (.level, levels.append(LevelData()))
            case (.gauge, _): preconditionFailure("\(metric.name) is a gauge: loops share those")
            }
        return SeriesID(kind: kind, index: UInt32(index))
    }

    /// Adds to a counter.
    package func add(_ id: SeriesID, _ count: Int = 1) {
        precondition(id.kind == .counter, "not a counter")
        counters.pointer(to: Int(id.index)).pointee &+= Int64(count)
    }

    /// Adds to a counter of the plan's own.
    package func add(_ id: SeriesID, amount: Double) {
        precondition(id.kind == .amount, "not a counter of amounts")
        amounts.pointer(to: Int(id.index)).pointee += amount
    }

    /// Sets a gauge of the plan's own.
    package func set(_ id: SeriesID, to level: Double, atNanoseconds time: Int64) {
        precondition(id.kind == .level, "not a level")
        levels.pointer(to: Int(id.index)).pointee.set(level, atNanoseconds: time)
    }

    /// One sample of a trend of numbers.
    ///
    /// - Parameter number: from 0 to `MetricDefinition.largestSample`.
    package func record(_ id: SeriesID, number: Double) {
        record(id, nanoseconds: Int64((number * MetricDefinition.partsPerUnit).rounded()))
    }

    /// One sample of a trend of times.
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

    /// A copy of everything counted so far.
    package func snapshot() -> MetricsSnapshot {
        var series: [SeriesKey: SeriesData] = [:]
        for (key, id) in seriesIDs {
            switch id.kind {
            case .amount: series[key] = .amount(amounts.pointer(to: Int(id.index)).pointee)
            case .counter: series[key] = .counter(counters.pointer(to: Int(id.index)).pointee)
            case .rate: series[key] = .rate(rates.pointer(to: Int(id.index)).pointee)
            case .trend: series[key] = .trend(trends.pointer(to: Int(id.index)).pointee.data)
            case .level: series[key] = .level(levels.pointer(to: Int(id.index)).pointee)
            }
        }
        return MetricsSnapshot(series: series, hasFoldedTagSets: hasFoldedTagSets)
    }
}
