package import Diagnostics
package import Quantities

extension Load {
    /// The shapes that a load can have. Which one it is, its keys say.
    ///
    /// Of the closed ones, the first four, a virtual user begins an iteration when it is done with the one before; of the open ones
    /// iterations begin when they are due, whatever became of those before them.
    package enum Shape: Hashable, Sendable {
        /// `vus`, `duration`: as many iterations as the time allows.
        case constantVUs(vus: Located<Int>?, duration: Located<Int64>)
        /// `vus`, `iterations`: so many over all VUs together, and none after `duration`.
        case sharedIterations(vus: Located<Int>?, iterations: Located<Int>, duration: Located<Int64>?)
        /// `vus`, `iterations_per_vu`: so many by each VU, one where the plan does not say, and none after `duration`.
        case iterationsPerVU(vus: Located<Int>?, iterations: Located<Int>?, duration: Located<Int64>?)
        /// `start_vus`, `stages`: as many VUs as the stages say.
        case rampingVUs(start: Located<Int>, stages: [Stage<Int>])
        /// `rate`, `duration`, `max_vus`: iterations begin at even intervals.
        case constantArrivals(rate: Located<Rate>, duration: Located<Int64>, maxVUs: Located<Int>)
        /// `start_rate`, `stages`, `max_vus`: iterations begin as often as the stages say.
        case rampingArrivals(start: Located<Rate>, stages: [Stage<Rate>], maxVUs: Located<Int>)

        /// A stretch of a ramp: an even change from what was before to `target`.
        package struct Stage<Target: Hashable & Sendable>: Hashable, Sendable {
            /// In nanoseconds, more than 0.
            package var duration: Located<Int64>
            package var target: Located<Target>

            package init(duration: Located<Int64>, target: Located<Target>) {
                self.duration = duration
                self.target = target
            }
        }
    }
}

extension Load.Shape {
    /// The most VUs that there are at once; 1 where the plan does not say.
    package var mostVUs: Int {
        switch self {
        case .constantVUs(let vus, _), .sharedIterations(let vus, _, _), .iterationsPerVU(let vus, _, _):
            vus?.value ?? 1
        case .rampingVUs(let start, let stages): stages.map(\.target.value).reduce(start.value, max)
        case .constantArrivals(_, _, let maxVUs), .rampingArrivals(_, _, let maxVUs): maxVUs.value
        }
    }

    /// How long the load lasts at the most; nil where only its iterations end it.
    package var durationNanoseconds: Int64? {
        switch self {
        case .constantVUs(_, let duration), .constantArrivals(_, let duration, _): duration.value
        case .sharedIterations(_, _, let duration), .iterationsPerVU(_, _, let duration): duration?.value
        case .rampingVUs(_, let stages): Self.total(stages)
        case .rampingArrivals(_, let stages, _): Self.total(stages)
        }
    }

    /// Whether the number of VUs stays what it is.
    package var hasConstantVUs: Bool {
        switch self {
        case .constantVUs, .sharedIterations, .iterationsPerVU: true
        case .rampingVUs, .constantArrivals, .rampingArrivals: false
        }
    }

    /// Whether iterations begin when they are due, whether or not those before them have ended.
    package var isOpen: Bool {
        switch self {
        case .constantVUs, .sharedIterations, .iterationsPerVU, .rampingVUs: false
        case .constantArrivals, .rampingArrivals: true
        }
    }

    /// Whether there is a time in which iterations begin.
    package var everStarts: Bool {
        switch self {
        case .constantVUs, .sharedIterations, .iterationsPerVU, .constantArrivals: true
        case .rampingVUs(let start, let stages): Self.rises(from: start.value, stages, above: 0)
        case .rampingArrivals(let start, let stages, _): Self.rises(from: start.value, stages, above: .zero)
        }
    }

    private static func rises<Target: Comparable>(from start: Target, _ stages: [Stage<Target>], above zero: Target)
        -> Bool
    {
        var level = start
        for stage in stages {
            if stage.duration.value > 0, max(level, stage.target.value) > zero { return true }
            level = stage.target.value
        }
        return false
    }

    /// Less than the longest duration there is: the reader sees to it.
    private static func total<Target>(_ stages: [Stage<Target>]) -> Int64 {
        stages.reduce(0) { $0 + $1.duration.value }
    }
}
