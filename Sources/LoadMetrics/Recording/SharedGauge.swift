import Synchronization

/// A level to which all loops contribute, such as the number of open sessions.
///
/// The lowest and the highest value of a sum cannot be had from those of its parts, so gauges are not kept by the
/// recorders of the loops: the loops share them. They change when sessions open and close, not with every message, so that
/// a lock is cheap enough. A gauge may be a part of a `total`, which changes with it: `ws_open{scenario=a}` and
/// `ws_open{scenario=b}` of `ws_open`.
package final class SharedGauge: Sendable {
    package let metric: MetricDefinition
    package let tags: TagSet
    private let total: SharedGauge?
    private let state = Mutex(State())

    fileprivate struct State {
        var level: Int64 = 0
        /// Nil while it has never changed.
        var whole: GaugeData?
        var slice: GaugeData?
        var cuts: SliceCuts?
        /// The slices that are over and that nobody has taken yet, by their start.
        var closed: [Int64: GaugeData] = [:]
    }

    /// - Parameter tags: for a total, those that all its parts have.
    package init(_ metric: MetricDefinition, _ tags: TagSet = [:], partOf total: SharedGauge? = nil) {
        precondition(metric.kind == .gauge, "\(metric.name) is a \(metric.kind), not a gauge")
        self.metric = metric
        self.tags = tags
        self.total = total
    }

    /// A level that stays what it is, of which a total is told nothing: it has one of its own that stays.
    package convenience init(
        _ metric: MetricDefinition, _ tags: TagSet = [:], partOf total: SharedGauge? = nil, level: Int64
    ) {
        self.init(metric, tags, partOf: total)
        state.withLock { $0.adjust(by: level, atNanoseconds: .min) }
    }

    /// Whether this is a part of a total.
    var isPart: Bool { total != nil }

    /// Raises or lowers the level, and that of the total. Any thread may call it.
    ///
    /// - Parameter time: by the run's clock; without one the change counts for the slice that is open.
    package func adjust(by delta: Int64, atNanoseconds time: Int64 = .min) {
        state.withLock { $0.adjust(by: delta, atNanoseconds: time) }
        total?.adjust(by: delta, atNanoseconds: time)
    }

    /// What it is now.
    package var current: Int64 { state.withLock { $0.level } }

    /// What it has been so far; nil when it never changed.
    package var data: GaugeData? { state.withLock { $0.whole } }

    // MARK: Slices

    /// Keeps the level of each slice from here on, until it is taken.
    func cut(by schedule: SliceSchedule, startNanoseconds: Int64) {
        state.withLock { $0.cuts = SliceCuts(schedule, startNanoseconds: startNanoseconds) }
    }

    /// The lowest, highest and last level of a slice that is over, the level at its start included; nil before the first
    /// change of all.
    func takeSlice(_ slice: Range<Int64>) -> GaugeData? {
        state.withLock { state in
            while let cuts = state.cuts, cuts.slice.lowerBound < slice.upperBound { state.closeSlice() }
            return state.closed.removeValue(forKey: slice.lowerBound)
        }
    }
}

extension SharedGauge.State {
    fileprivate mutating func adjust(by delta: Int64, atNanoseconds time: Int64) {
        while let cuts, cuts.isOver(atNanoseconds: time) { closeSlice() }
        level += delta
        let reached = GaugeData(min: Double(level), max: Double(level), last: Double(level), count: 1)
        if whole?.append(reached) == nil { whole = reached }
        if slice?.append(reached) == nil { slice = reached }
    }

    fileprivate mutating func closeSlice() {
        guard let start = cuts?.slice.lowerBound else { return }
        closed[start] = slice
        if whole != nil { slice = GaugeData(min: Double(level), max: Double(level), last: Double(level), count: 0) }
        cuts?.advance()
    }
}
