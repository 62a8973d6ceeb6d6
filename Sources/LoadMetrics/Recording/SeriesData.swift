/// What tells one series from another.
package struct SeriesKey: Hashable, Sendable {
    package let metric: MetricDefinition
    package let tags: TagSet

    package init(_ metric: MetricDefinition, _ tags: TagSet) {
        self.metric = metric
        self.tags = tags
    }

    package static func == (left: SeriesKey, right: SeriesKey) -> Bool {
        left.metric.name == right.metric.name && left.tags == right.tags
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(metric.name)
        hasher.combine(tags)
    }
}

extension SeriesKey: Comparable {
    /// By metric, then by tags, so that whatever lists series does it in the same order each time.
    package static func < (left: SeriesKey, right: SeriesKey) -> Bool {
        left.metric.name == right.metric.name ? left.tags < right.tags : left.metric.name < right.metric.name
    }
}

/// What a series has counted, over a run or a part of it.
enum SeriesData: Equatable, Sendable {
    case counter(Int64)
    case amount(Amount)
    case rate(RateData)
    case trend(TrendData)
    /// A level to which all loops contribute; `isPart` where a total of it and others is kept as well.
    case gauge(GaugeData, isPart: Bool)
    case level(LevelData)
}

extension SeriesData {
    /// Adds what was counted elsewhere in the same time: on another loop, in another shard.
    ///
    /// Exact but for gauges of several processes: `last` is, `min` and `max` become the sums of theirs, between which the
    /// true ones lie.
    mutating func merge(_ other: SeriesData) {
        if case (.gauge(let data, let isPart), .gauge(let more, _)) = (self, other) {
            let sum = GaugeData(
                min: data.min + more.min, max: data.max + more.max, last: data.last + more.last,
                count: data.count + more.count)
            self = .gauge(sum, isPart: isPart)
        } else {
            append(other)
        }
    }

    /// Adds what was counted later.
    mutating func append(_ later: SeriesData) {
        switch (self, later) {
        case (.counter(let sum), .counter(let more)): self = .counter(sum &+ more)
        case (.amount(let sum), .amount(let more)): self = .amount(sum + more)
        case (.rate(let sum), .rate(let more)): self = .rate(sum + more)
        case (.gauge(var data, let isPart), .gauge(let more, _)):
            data.append(more)
            self = .gauge(data, isPart: isPart)
        case (.level(var data), .level(let more)):
            data.merge(more)
            self = .level(data)
        case (.trend(var sum), .trend(let more)):
            self = .counter(0)  // So that `sum` is the only owner of its histogram.
            sum.merge(more)
            self = .trend(sum)
        default: preconditionFailure("two kinds of data in one series: \(self), \(later)")
        }
    }

    /// Whether both are of one kind, and so can be added up.
    func isLike(_ other: SeriesData) -> Bool {
        switch (self, other) {
        case (.counter, .counter), (.amount, .amount), (.rate, .rate), (.trend, .trend), (.gauge, .gauge),
            (.level, .level):
            true
        default: false
        }
    }
}
