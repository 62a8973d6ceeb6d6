/// A series of one recorder: a metric with one set of tags. Only the recorder that gave it out knows it.
package struct SeriesID: Hashable, Sendable {
    /// What its samples are kept as.
    enum Kind {
        case counter, amount, rate, trend, level
        /// A trend of which slices have the distribution.
        case watchedTrend
    }

    fileprivate let kind: Kind
    fileprivate let index: UInt32
}

/// Counts the samples of one event loop. It belongs to its loop: nothing here is locked.
///
/// A series is looked up once and kept; counting a sample then finds its place by index, without hashing and without
/// allocating (but for a trend's first sample, which makes its histogram). Gauges of the runner are `SharedGauge`s instead.
///
/// A recorder with a `SliceOrder` also says what it counted in each slice of the run's time. A sample takes no part in
/// that: most series are compared with what they were at the last cut, and those of which a slice needs extremes or a
/// distribution count into the slice first, and into the whole when it is cut.
package final class MetricsRecorder {
    /// How many tag sets a recorder tells apart. The samples of any further one are counted under `TagSet.overflow`.
    package static let tagSetLimit = 10_000

    private var seriesIDs: [SeriesKey: SeriesID] = [:]
    private var tagSets: Set<TagSet> = []
    private let counters = CellTable<Int64>()
    private let amounts = CellTable<Amount>()
    private let rates = CellTable<RateData>()
    private let trends = CellTable<TrendCell>()
    private let levels = CellTable<LevelCell>()
    private let watchedTrends = CellTable<WatchedTrendCell>()
    private var folded = FoldedTagSets()
    private var cutter: SliceCutter?
    /// When the next cut is due, by the run's clock; `Int64.max` for never.
    package private(set) var sliceEndNanoseconds = Int64.max

    package init(_ order: SliceOrder? = nil) {
        cutter = order.map { SliceCutter($0) }
        sliceEndNanoseconds = cutter?.cuts.endNanoseconds ?? .max
    }

    /// The series of a metric with these tags; the same one each time. Not for the hot path.
    package func series(_ metric: MetricDefinition, _ tags: TagSet) -> SeriesID {
        let key = SeriesKey(metric, tags)
        if let id = seriesIDs[key] { return id }
        if !tagSets.contains(tags), tags != .overflow {
            guard tagSets.count < Self.tagSetLimit else {
                folded.add(metric, tags, among: tagSets)
                return series(metric, .overflow)
            }
            tagSets.insert(tags)
        }
        let (tracks, isWatched) = cutter?.tracks(of: metric, tags) ?? ([], false)
        let id = makeSeries(metric, isWatched: isWatched)
        seriesIDs[key] = id
        cutter?.add(id, tracks: tracks)
        return id
    }

    private func makeSeries(_ metric: MetricDefinition, isWatched: Bool) -> SeriesID {
        let (kind, index): (SeriesID.Kind, Int) =
            switch (metric.kind, metric.unit) {
            case (.counter, .number): (.amount, amounts.append(Amount()))
            case (.counter, _): (.counter, counters.append(0))
            case (.rate, _): (.rate, rates.append(RateData()))
            case (.trend, _) where isWatched:
                (.watchedTrend, watchedTrends.append(WatchedTrendCell()))
            case (.trend, _): (.trend, trends.append(TrendCell()))
            case (.gauge, .number): (.level, levels.append(LevelCell()))
            case (.gauge, _): preconditionFailure("\(metric.name) is a gauge: loops share those")
            }
        return SeriesID(kind: kind, index: UInt32(index))
    }

    /// Adds 1 to a counter. By itself, because other modules call a function to be given a default.
    package func add(_ id: SeriesID) { add(id, 1) }

    /// Adds to a counter.
    package func add(_ id: SeriesID, _ count: Int) {
        precondition(id.kind == .counter, "not a counter")
        counters.pointer(to: Int(id.index)).pointee &+= Int64(count)
    }

    /// What a counter has come to.
    package func count(_ id: SeriesID) -> Int64 {
        precondition(id.kind == .counter, "not a counter")
        return counters.pointer(to: Int(id.index)).pointee
    }

    /// Adds to a counter of the plan's own.
    ///
    /// - Parameter amount: from 0 to `MetricDefinition.largestSample`.
    package func add(_ id: SeriesID, amount: Double) {
        precondition(id.kind == .amount, "not a counter of amounts")
        amounts.pointer(to: Int(id.index)).pointee.millionths += Amount(amount).millionths
    }

    /// Sets a gauge of the plan's own.
    package func set(_ id: SeriesID, to level: Double, atNanoseconds time: Int64) {
        precondition(id.kind == .level, "not a level")
        levels.pointer(to: Int(id.index)).pointee.slice.set(level, atNanoseconds: time)
    }

    /// One sample of a trend of numbers.
    ///
    /// - Parameter number: from 0 to `MetricDefinition.largestSample`.
    package func record(_ id: SeriesID, number: Double) {
        record(id, nanoseconds: Int64((number * MetricDefinition.partsPerUnit).rounded()))
    }

    /// One sample of a trend of times.
    package func record(_ id: SeriesID, nanoseconds: Int64) {
        if id.kind == .trend {
            trends.pointer(to: Int(id.index)).pointee.record(nanoseconds)
        } else {
            precondition(id.kind == .watchedTrend, "not a trend")
            watchedTrends.pointer(to: Int(id.index)).pointee.slice.record(nanoseconds)
        }
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
        MetricsSnapshot(series: seriesIDs.mapValues(data), folded: folded)
    }

    private func data(of id: SeriesID) -> SeriesData {
        let index = Int(id.index)
        return switch id.kind {
        case .counter: .counter(counters.pointer(to: index).pointee)
        case .amount: .amount(amounts.pointer(to: index).pointee)
        case .rate: .rate(rates.pointer(to: index).pointee)
        case .trend: .trend(trends.pointer(to: index).pointee.data)
        case .watchedTrend: .trend(watchedTrends.pointer(to: index).pointee.data)
        case .level: .level(levels.pointer(to: index).pointee.data)
        }
    }
}

// MARK: - Slices

extension MetricsRecorder {
    /// Says what time it is: samples from here on belong to the slice of this time. To be called before the samples of each
    /// pass of a loop, and once a second at least; between two cuts it is one comparison.
    package func advance(toNanoseconds time: Int64) {
        if time >= sliceEndNanoseconds { cut(atNanoseconds: time) }
    }

    /// Delivers the last slice. Nothing is counted after it.
    package func finish() { cut(atNanoseconds: nil) }

    private func cut(atNanoseconds time: Int64?) {
        guard let slice = cutter?.cut(atNanoseconds: time, taking: take), let cutter else { return }
        sliceEndNanoseconds = time == nil ? .max : cutter.cuts.endNanoseconds
        cutter.order.deliver(slice)
    }

    /// What a series has counted since it was taken last; nil for nothing.
    private func take(_ id: SeriesID, since delivered: inout SeriesData?) -> SeriesData? {
        let index = Int(id.index)
        switch id.kind {
        case .counter:
            let sum = counters.pointer(to: index).pointee
            var before: Int64 = 0
            if case .counter(let count)? = delivered { before = count }
            delivered = .counter(sum)
            return sum == before ? nil : .counter(sum &- before)
        case .amount:
            let sum = amounts.pointer(to: index).pointee
            var before = Amount()
            if case .amount(let amount)? = delivered { before = amount }
            delivered = .amount(sum)
            return sum == before ? nil : .amount(sum - before)
        case .rate:
            let sum = rates.pointer(to: index).pointee
            var before = RateData()
            if case .rate(let data)? = delivered { before = data }
            delivered = .rate(sum)
            return sum == before ? nil : .rate(sum - before)
        case .trend:
            let (count, sum) = trends.pointer(to: index).pointee.total
            var before = TrendData()
            if case .trend(let data)? = delivered { before = data }
            delivered = .trend(TrendData(count: count, sum: sum))
            return count == before.count
                ? nil : .trend(TrendData(count: count - before.count, sum: sum - before.sum))
        case .watchedTrend: return watchedTrends.pointer(to: index).pointee.cut().map { .trend($0) }
        case .level: return levels.pointer(to: index).pointee.cut().map { .level($0) }
        }
    }
}

/// A trend of which each slice has its distribution.
private struct WatchedTrendCell: ~Copyable {
    var slice = TrendCell()
    /// Of all slices before.
    private var earlier = TrendData()

    var data: TrendData {
        var sum = earlier
        sum.merge(slice.data)
        return sum
    }

    mutating func cut() -> TrendData? {
        guard slice.total.count > 0 else { return nil }
        let taken = slice.take()
        earlier.merge(taken)
        return taken
    }
}

/// A level of which each slice has its extremes.
private struct LevelCell {
    var slice = LevelData()
    /// Of all slices before.
    private var earlier = LevelData()

    var data: LevelData {
        var sum = earlier
        sum.merge(slice)
        return sum
    }

    mutating func cut() -> LevelData? {
        guard slice.count > 0 else { return nil }
        defer { slice = LevelData() }
        earlier.merge(slice)
        return slice
    }
}
