/// What one step of a time series holds of one track.
protocol StepValue: Equatable, Sendable {
    /// Of a step in which nothing was counted.
    init()

    /// Adds what was counted later, in the same step or in the one after it.
    mutating func append(_ later: Self)

    /// Adds what was counted elsewhere in the same step.
    mutating func merge(_ other: Self)
}

/// One value for each step of a time series, from the first to the last one in which something was counted.
struct Steps<Value: StepValue>: Equatable, Sendable {
    private(set) var values: [Value] = []

    init(_ values: [Value] = []) { self.values = values }

    mutating func append(_ value: Value, toStep step: Int) {
        while values.count <= step { values.append(Value()) }
        values[step].append(value)
    }

    mutating func merge(_ other: Steps) {
        while values.count < other.values.count { values.append(Value()) }
        for (step, value) in other.values.enumerated() { values[step].merge(value) }
    }

    /// Makes one step of every two.
    mutating func halve() {
        var halved: [Value] = []
        halved.reserveCapacity(TimeSeries.pointLimit)
        for step in stride(from: 0, to: values.count, by: 2) {
            halved.append(values[step])
            if step + 1 < values.count { halved[halved.count - 1].append(values[step + 1]) }
        }
        values = halved
    }
}

extension StepValue {
    mutating func append(_ later: Self) { merge(later) }
}

extension Double: StepValue {
    mutating func merge(_ other: Double) { self += other }
}

extension RateData: StepValue {
    init() { self.init(passes: 0, fails: 0) }

    mutating func merge(_ other: RateData) { self = self + other }
}

extension LevelData: StepValue {}

/// The lowest, highest and last level of a shared gauge in one step; none before its first change.
struct GaugeStep: StepValue {
    var min = Double.infinity
    var max = -Double.infinity
    var last = 0.0

    var isKnown: Bool { min <= max }

    mutating func append(_ later: GaugeStep) {
        guard later.isKnown else { return }
        self = GaugeStep(min: Swift.min(min, later.min), max: Swift.max(max, later.max), last: later.last)
    }

    /// `SeriesData.merge` says what of it is exact.
    mutating func merge(_ other: GaugeStep) {
        guard isKnown, other.isKnown else { return append(other) }
        self = GaugeStep(min: min + other.min, max: max + other.max, last: last + other.last)
    }
}

/// The samples of a trend in one step. Of one that nobody watches only `count` and `sum` are known.
struct TrendStep: StepValue {
    var count: UInt64 = 0
    var sum: UInt128 = 0
    var min = Int64.max
    var max: Int64 = 0
    var distribution = CoarseDistribution()

    mutating func merge(_ other: TrendStep) {
        count += other.count
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        distribution.merge(other.distribution)
    }
}

extension TrendStep {
    init(_ data: TrendData) {
        self.init(
            count: data.count, sum: data.sum, min: data.min, max: data.max,
            distribution: CoarseDistribution(data))
    }

    /// To one per cent; nil where the distribution is not known.
    func percentile(_ percent: Double) -> Int64? {
        guard count > 0, let value = distribution.value(at: percent, of: count) else { return nil }
        return percent < 100 ? Swift.min(Swift.max(value, min), max) : max
    }
}
