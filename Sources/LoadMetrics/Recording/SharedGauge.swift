import Synchronization

/// The lowest, highest and last level of a gauge.
package struct GaugeData: Hashable, Sendable {
    package var min: Double
    package var max: Double
    package var last: Double
    /// How often it was set or changed.
    package var count: UInt64

    package init(min: Double, max: Double, last: Double, count: UInt64) {
        self.min = min
        self.max = max
        self.last = last
        self.count = count
    }
}

/// A level to which all loops contribute, such as the number of open sessions.
///
/// The lowest and the highest value of a sum cannot be had from those of its parts, so gauges are not kept by the
/// recorders of the loops: they are atomics that the loops share. A gauge may be a part of a `total`, which changes with
/// it: `ws_open{scenario=a}` and `ws_open{scenario=b}` of `ws_open`.
package final class SharedGauge: Sendable {
    package let metric: MetricDefinition
    package let tags: TagSet
    private let total: SharedGauge?
    private let level = Atomic<Int64>(0)
    private let lowest = Atomic<Int64>(.max)
    private let highest = Atomic<Int64>(.min)
    private let changes = Atomic<UInt64>(0)

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
        reach(self.level.wrappingAdd(level, ordering: .relaxed).newValue)
    }

    /// Whether this is a part of a total.
    var isPart: Bool { total != nil }

    /// Raises or lowers the level, and that of the total. Any thread may call it.
    package func adjust(by delta: Int64) {
        reach(level.wrappingAdd(delta, ordering: .relaxed).newValue)
        total?.adjust(by: delta)
    }

    private func reach(_ level: Int64) {
        _ = lowest.min(level, ordering: .relaxed)
        _ = highest.max(level, ordering: .relaxed)
        _ = changes.wrappingAdd(1, ordering: .relaxed)
    }

    /// What it is now.
    package var current: Int64 { level.load(ordering: .relaxed) }

    /// What it has been so far; nil when it never changed.
    package var data: GaugeData? {
        let count = changes.load(ordering: .relaxed)
        guard count > 0 else { return nil }
        return GaugeData(
            min: Double(lowest.load(ordering: .relaxed)), max: Double(highest.load(ordering: .relaxed)),
            last: Double(level.load(ordering: .relaxed)), count: count)
    }
}
