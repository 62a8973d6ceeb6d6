package import Quantities

/// When arrivals are due: a function of their number and of nothing else, so that nothing that happens moves them and no
/// error adds up.
///
/// With A(t) for the integral of the rate, arrival n (from 0) is due at the last nanosecond t with A(t) ≤ n: at a constant
/// rate at start + n ÷ rate, and where nothing arrives for a while, at the end of that. All of it is whole numbers.
package struct ArrivalSchedule: Hashable, Sendable {
    /// A stretch over which the rate goes evenly to a target; at once, where it takes no time.
    package struct Stage: Hashable, Sendable {
        package var durationNanoseconds: Int64
        package var target: Rate

        package init(durationNanoseconds: Int64, target: Rate) {
            self.durationNanoseconds = durationNanoseconds
            self.target = target
        }
    }

    /// In so many nanoseconds, P, every rate that a plan can name has a whole number of arrivals.
    private static let periodNanoseconds: Int64 = 60_000_000_000_000_000

    /// A stage, and where it lies. Rates are arrivals in P, and arrivals are counted in parts of 1 ÷ 2P, so that a whole
    /// stage has a whole number of them.
    private struct Segment: Hashable, Sendable {
        var start: Int64
        var duration: Int64
        var from: Int64
        var to: Int64
        /// The parts of all stages before.
        var partsBefore: UInt128

        var end: Int64 { start + duration }
        var parts: UInt128 { UInt128(from + to) * UInt128(duration) }

        /// The parts of the first `time` nanoseconds, times the duration.
        func scaledParts(in time: Int64) -> (high: UInt128, low: UInt128) {
            let rates = UInt128(from) * UInt128(2 * duration - time) + UInt128(to) * UInt128(time)
            return rates.multipliedFullWidth(by: UInt128(time))
        }

        /// Whether no more than `parts` come in the first `time` nanoseconds.
        func holds(_ time: Int64, within parts: UInt128) -> Bool {
            let scaled = scaledParts(in: time)
            let limit = parts.multipliedFullWidth(by: UInt128(duration))
            return (scaled.high, scaled.low) <= (limit.high, limit.low)
        }

        /// The last moment up to which no more than `parts` come, which are fewer than those of the whole stage.
        func lastTime(within parts: UInt128) -> Int64 {
            if from == to { return Int64(parts / (2 * UInt128(from))) }
            // The root of the parabola as floating point has it, then exactly: mostly one or two nanoseconds away.
            let (rate, change, length) = (Double(from), Double(to - from), Double(duration))
            let wanted = Double(parts)
            let root = ((rate * length) * (rate * length) + change * wanted * length).squareRoot()
            let guess = wanted * length / (rate * length + (root.isNaN ? 0 : root))
            var low: Int64 = 0  // Holds.
            var high = duration  // Does not.
            var place = guess < 1 ? 1 : guess < length - 1 ? Int64(guess) : duration - 1
            var step: Int64 = 1
            while low < place, place < high {
                if holds(place, within: parts) {
                    low = place
                    place = high - place > step ? place + step : high
                } else {
                    high = place
                    place = place - low > step ? place - step : low
                }
                step *= 2
            }
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if holds(middle, within: parts) { low = middle } else { high = middle }
            }
            return low
        }
    }

    private let segments: [Segment]
    private let parts: UInt128

    /// When the last stage ends.
    package let endNanoseconds: Int64
    /// The rate that holds all the time; nil where there are several.
    package let constantRate: Rate?

    /// The rate at first, and others as the stages say.
    package init(startRate: Rate, stages: [Stage]) {
        var segments: [Segment] = []
        var start: Int64 = 0
        var level = startRate
        var parts: UInt128 = 0
        var rates: Set<Rate> = []
        for stage in stages {
            let segment = Segment(
                start: start, duration: stage.durationNanoseconds, from: Self.arrivalsInPeriod(level),
                to: Self.arrivalsInPeriod(stage.target), partsBefore: parts)
            if segment.duration > 0 { rates.formUnion([level, stage.target]) }
            segments.append(segment)
            parts += segment.parts
            start = segment.end
            level = stage.target
        }
        self.segments = segments
        self.parts = parts
        endNanoseconds = start
        constantRate = rates.count == 1 ? rates.first : nil
    }

    private static func arrivalsInPeriod(_ rate: Rate) -> Int64 {
        let (quotient, remainder) = rate.perNanoseconds.dividingFullWidth(
            rate.count.multipliedFullWidth(by: periodNanoseconds))
        precondition(remainder == 0, "\(rate) is finer than a plan can write it")
        return quotient
    }

    /// The same rate all the time.
    package init(rate: Rate, durationNanoseconds: Int64) {
        self.init(startRate: rate, stages: [Stage(durationNanoseconds: durationNanoseconds, target: rate)])
    }

    /// When an arrival is due, since the load began; nil where the load ends first.
    package func dueNanoseconds(ofArrival number: Int64) -> Int64? {
        let wanted = UInt128(number) * UInt128(2 * Self.periodNanoseconds)
        guard wanted < parts, let segment = segments.last(where: { $0.partsBefore <= wanted }) else { return nil }
        return segment.start + segment.lastTime(within: wanted - segment.partsBefore)
    }

    /// How many arrivals are due before a time.
    package func count(beforeNanoseconds time: Int64) -> Int64 {
        guard time > 0, let segment = segments.last(where: { $0.start < time }) else { return 0 }
        let inside = min(time - segment.start, segment.duration)
        guard segment.duration > 0 else { return Self.arrivals(segment.partsBefore, isMore: false) }
        let (quotient, remainder) = UInt128(segment.duration).dividingFullWidth(segment.scaledParts(in: inside))
        return Self.arrivals(segment.partsBefore + quotient, isMore: remainder > 0)
    }

    /// How many arrivals there are.
    package var count: Int64 { Self.arrivals(parts, isMore: false) }

    /// The numbers n from 0 that are below so many parts, or a little more.
    private static func arrivals(_ parts: UInt128, isMore: Bool) -> Int64 {
        let (quotient, remainder) = parts.quotientAndRemainder(dividingBy: UInt128(2 * periodNanoseconds))
        return Int64(quotient) + (isMore || remainder > 0 ? 1 : 0)
    }
}
