/// How the metrics of a run went on, in steps of one second, of two after an hour, of four after two hours, and so on: a run
/// of any length takes the same memory.
///
/// A track is a metric and the tags by which it is followed: `scenario`, of `ws_await` also `name`, and what a threshold
/// selects. Tracks of one metric with different tags overlap.
package struct TimeSeries: Equatable, Sendable {
    /// With one point more, two become one.
    package static let pointLimit = 3_600

    package private(set) var stepNanoseconds = SliceSchedule.stepNanoseconds
    private(set) var tracks: [SeriesKey: Track] = [:]

    /// The steps of one track, by the kind of its metric.
    enum Track: Equatable, Sendable {
        case counter(Steps<Double>)
        case rate(Steps<RateData>)
        case trend(Steps<TrendStep>)
        case gauge(Steps<GaugeStep>)
        case level(Steps<LevelData>)
    }

    package init() {}

    init(stepNanoseconds: Int64, tracks: [SeriesKey: Track]) {
        self.stepNanoseconds = stepNanoseconds
        self.tracks = tracks
    }

    /// The number of steps.
    package var count: Int { tracks.values.reduce(0) { max($0, $1.count) } }

    /// In an order that is the same each time.
    package var keys: [SeriesKey] { tracks.keys.sorted() }

    /// Adds what a track counted in a slice, which lies in one step and not before those that were added.
    mutating func append(_ data: SeriesData, to key: SeriesKey, atNanoseconds time: Int64) {
        while time / stepNanoseconds >= Int64(Self.pointLimit) { halve() }
        let step = Int(time / stepNanoseconds)
        if let index = tracks.index(forKey: key) {
            tracks.values[index].append(data, toStep: step)
        } else {
            var track = Track(like: data)
            track.append(data, toStep: step)
            tracks[key] = track
        }
    }

    /// Adds what another part of the run counted in the same time.
    package mutating func merge(_ other: TimeSeries) {
        var other = other
        while stepNanoseconds < other.stepNanoseconds { halve() }
        while other.stepNanoseconds < stepNanoseconds { other.halve() }
        for (key, added) in other.tracks {
            if let index = tracks.index(forKey: key) {
                tracks.values[index].merge(added)
            } else {
                tracks[key] = added
            }
        }
    }

    private mutating func halve() {
        stepNanoseconds *= 2
        for index in tracks.indices { tracks.values[index].halve() }
    }
}

// MARK: - Points

extension TimeSeries {
    /// What happened in one step.
    package enum Point: Hashable, Sendable {
        /// What was counted.
        case counter(Double)
        case rate(RateData)
        /// The levels of a gauge; nil before it was first set.
        case gauge(min: Double, max: Double, last: Double)
        /// `percentiles` (`MetricTable.percents`, to one per cent) only of trends that a threshold watches, and `ws_await`.
        case trend(count: UInt64, average: Double, percentiles: [Int64])
    }

    /// The points of a track, from the start of the run on; nil for a step of which nothing is known.
    package func points(of key: SeriesKey) -> [Point?] {
        switch tracks[key] {
        case nil: []
        case .counter(let steps): steps.values.map { .counter($0) }
        case .rate(let steps): steps.values.map { .rate($0) }
        case .gauge(let steps):
            steps.values.map { $0.isKnown ? .gauge(min: $0.min, max: $0.max, last: $0.last) : nil }
        case .level(let steps):
            steps.values.map { level in level.gauge.map { .gauge(min: $0.min, max: $0.max, last: $0.last) } }
        case .trend(let steps):
            steps.values.map { step in
                guard step.count > 0 else { return nil }
                return .trend(
                    count: step.count, average: Double(step.sum) / Double(step.count),
                    percentiles: MetricTable.percents.compactMap { step.percentile($0) })
            }
        }
    }
}

// MARK: - Tracks

extension TimeSeries.Track {
    fileprivate init(like data: SeriesData) {
        self =
            switch data {
            case .counter, .amount: .counter(Steps())
            case .rate: .rate(Steps())
            case .trend: .trend(Steps())
            case .gauge: .gauge(Steps())
            case .level: .level(Steps())
            }
    }

    /// The name under which its steps stand in files.
    var kind: String {
        switch self {
        case .counter: "counter"
        case .rate: "rate"
        case .trend: "trend"
        case .gauge: "gauge"
        case .level: "level"
        }
    }

    /// Whether both are of one kind, and so can be added up.
    func isLike(_ other: Self) -> Bool { kind == other.kind }

    var count: Int {
        switch self {
        case .counter(let steps): steps.values.count
        case .rate(let steps): steps.values.count
        case .trend(let steps): steps.values.count
        case .gauge(let steps): steps.values.count
        case .level(let steps): steps.values.count
        }
    }

    /// Adds to one of the steps. They have one owner meanwhile: with two, all of them were copied each second, as many as
    /// there had been seconds (25 µs a track in the long run instead of 4).
    fileprivate mutating func append(_ data: SeriesData, toStep step: Int) {
        switch consume self {
        case .counter(var steps):
            switch data {
            case .counter(let count): steps.append(Double(count), toStep: step)
            case .amount(let amount): steps.append(amount.value, toStep: step)
            default: Self.refuse(data)
            }
            self = .counter(steps)
        case .rate(var steps):
            guard case .rate(let rate) = data else { Self.refuse(data) }
            steps.append(rate, toStep: step)
            self = .rate(steps)
        case .trend(var steps):
            guard case .trend(let trend) = data else { Self.refuse(data) }
            steps.append(TrendStep(trend), toStep: step)
            self = .trend(steps)
        case .gauge(var steps):
            guard case .gauge(let gauge, _) = data else { Self.refuse(data) }
            steps.append(GaugeStep(min: gauge.min, max: gauge.max, last: gauge.last), toStep: step)
            self = .gauge(steps)
        case .level(var steps):
            guard case .level(let level) = data else { Self.refuse(data) }
            steps.append(level, toStep: step)
            self = .level(steps)
        }
    }

    private static func refuse(_ data: SeriesData) -> Never {
        preconditionFailure("two kinds of data in one track: \(data)")
    }

    fileprivate mutating func merge(_ other: Self) {
        switch (self, other) {
        case (.counter(var steps), .counter(let more)):
            steps.merge(more)
            self = .counter(steps)
        case (.rate(var steps), .rate(let more)):
            steps.merge(more)
            self = .rate(steps)
        case (.trend(var steps), .trend(let more)):
            steps.merge(more)
            self = .trend(steps)
        case (.gauge(var steps), .gauge(let more)):
            steps.merge(more)
            self = .gauge(steps)
        case (.level(var steps), .level(let more)):
            steps.merge(more)
            self = .level(steps)
        default: preconditionFailure("two kinds of steps in one track: \(other)")
        }
    }

    fileprivate mutating func halve() {
        switch self {
        case .counter(var steps):
            steps.halve()
            self = .counter(steps)
        case .rate(var steps):
            steps.halve()
            self = .rate(steps)
        case .trend(var steps):
            steps.halve()
            self = .trend(steps)
        case .gauge(var steps):
            steps.halve()
            self = .gauge(steps)
        case .level(var steps):
            steps.halve()
            self = .level(steps)
        }
    }
}
