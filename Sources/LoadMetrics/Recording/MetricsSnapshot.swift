/// How many samples of a rate passed, and how many did not.
package struct RateData: Hashable, Sendable {
    package var passes: UInt64
    package var fails: UInt64

    package init(passes: UInt64 = 0, fails: UInt64 = 0) {
        self.passes = passes
        self.fails = fails
    }

    package var count: UInt64 { passes + fails }

    /// The share that passed, 0 to 1; 0 without samples.
    package var share: Double { count == 0 ? 0 : Double(passes) / Double(count) }
}

/// What tells one series from another.
struct SeriesKey: Hashable {
    let metric: MetricDefinition
    let tags: TagSet

    static func == (left: SeriesKey, right: SeriesKey) -> Bool {
        left.metric.name == right.metric.name && left.tags == right.tags
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(metric.name)
        hasher.combine(tags)
    }
}

/// What a series has counted.
enum SeriesData: Sendable {
    case counter(Int64)
    case amount(Double)
    case rate(RateData)
    case trend(TrendData)
    case gauge(GaugeData, isPart: Bool)
    case level(LevelData)
}

/// Everything that was measured up to one moment, of one loop or, merged, of all.
package struct MetricsSnapshot: Sendable {
    private var series: [SeriesKey: SeriesData]
    /// Whether a recorder met more tag sets than it tells apart, so that some samples are only found under
    /// `TagSet.overflow` or without a selector.
    package private(set) var hasFoldedTagSets: Bool

    init(series: [SeriesKey: SeriesData], hasFoldedTagSets: Bool) {
        self.series = series
        self.hasFoldedTagSets = hasFoldedTagSets
    }

    /// What the loops counted, and the levels that they shared.
    package init(merging parts: [MetricsSnapshot] = [], gauges: [SharedGauge] = []) {
        self.init(series: [:], hasFoldedTagSets: false)
        for part in parts { merge(part) }
        for gauge in gauges {
            guard let data = gauge.data else { continue }
            series[SeriesKey(metric: gauge.metric, tags: gauge.tags)] = .gauge(data, isPart: gauge.isPart)
        }
    }

    /// Adds what another loop counted. The result is what one recorder of all samples would have.
    private mutating func merge(_ other: MetricsSnapshot) {
        hasFoldedTagSets = hasFoldedTagSets || other.hasFoldedTagSets
        for (key, added) in other.series {
            switch (series[key], added) {
            case (nil, _): series[key] = added
            case (.counter(let sum)?, .counter(let more)): series[key] = .counter(sum + more)
            case (.amount(let sum)?, .amount(let more)): series[key] = .amount(sum + more)
            case (.level(var sum)?, .level(let more)):
                sum.merge(more)
                series[key] = .level(sum)
            case (.rate(let sum)?, .rate(let more)):
                series[key] = .rate(RateData(passes: sum.passes + more.passes, fails: sum.fails + more.fails))
            case (.trend(var sum)?, .trend(let more)):
                series[key] = nil  // So that `sum` is the only owner of its histogram.
                sum.merge(more)
                series[key] = .trend(sum)
            default: preconditionFailure("two kinds of \(key.metric.name)")
            }
        }
    }

    /// The sum of a counter; 0 without samples.
    package func counter(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> Int64 {
        var sum: Int64 = 0
        for case .counter(let count) in data(of: metric, selector) { sum += count }
        return sum
    }

    /// The sum of a counter of the runner's or of the plan's own; 0 without samples.
    package func amount(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> Double {
        guard metric.unit == .number else { return Double(counter(metric, selector)) }
        var sum = 0.0
        for case .amount(let amount) in data(of: metric, selector) { sum += amount }
        return sum
    }

    /// Passes and fails of a rate; nil without samples.
    package func rate(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> RateData? {
        var sum = RateData()
        for case .rate(let data) in data(of: metric, selector) {
            sum.passes += data.passes
            sum.fails += data.fails
        }
        return sum.count == 0 ? nil : sum
    }

    /// The distribution of a trend; nil without samples.
    package func trend(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> TrendData? {
        var sum = TrendData()
        for case .trend(let data) in data(of: metric, selector) { sum.merge(data) }
        return sum.count == 0 ? nil : sum
    }

    /// The level of a gauge; nil when it never changed.
    ///
    /// Exact where the selector selects one series or a total. Of several parts of a total, `last` is exact; `min` and
    /// `max` are the sums of theirs, between which the true ones lie.
    package func gauge(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> GaugeData? {
        guard metric.unit != .number else {
            var sum = LevelData()
            for case .level(let data) in data(of: metric, selector) { sum.merge(data) }
            return sum.gauge
        }
        var sum: GaugeData?
        for case .gauge(let data, let isPart) in data(of: metric, selector) {
            guard isPart else { return data }
            sum = GaugeData(
                min: (sum?.min ?? 0) + data.min, max: (sum?.max ?? 0) + data.max,
                last: (sum?.last ?? 0) + data.last, count: (sum?.count ?? 0) + data.count)
        }
        return sum
    }

    /// Each series of a metric, in the order of their tags.
    func series(of metric: MetricDefinition) -> [(tags: TagSet, data: SeriesData)] {
        series.filter { $0.key.metric.name == metric.name }.map { ($0.key.tags, $0.value) }.sorted { $0.tags < $1.tags }
    }

    private func data(of metric: MetricDefinition, _ selector: TagSet) -> [SeriesData] {
        series.filter { $0.key.metric.name == metric.name && $0.key.tags.matches(selector) }.map(\.value)
    }
}
