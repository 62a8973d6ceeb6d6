package import Diagnostics

/// How many virtual users run a scenario, how often, and for how long. The values are as written, nil where they are not.
package struct Load: Hashable, Sendable {
    /// How many iterations there are.
    package enum Iterations: Hashable, Sendable {
        /// As many as the duration allows.
        case unlimited
        /// So many over all VUs together.
        case total(Int)
        /// So many by each VU.
        case perVU(Int)
    }

    /// The time between the end of an iteration and the start of the VU's next, drawn evenly from min to max.
    package struct Pause: Hashable, Sendable {
        package var minNanoseconds: Int64
        package var maxNanoseconds: Int64

        package init(minNanoseconds: Int64, maxNanoseconds: Int64) {
            self.minNanoseconds = minNanoseconds
            self.maxNanoseconds = maxNanoseconds
        }
    }

    package var vus: Located<Int>?
    package var iterations: Located<Int>?
    package var iterationsPerVU: Located<Int>?
    /// In nanoseconds. Beside iterations it is a ceiling.
    package var duration: Located<Int64>?
    /// The time over which the first starts of the VUs are spread evenly.
    package var rampUpNanoseconds: Int64 = 0
    package var pause = Pause(minNanoseconds: 0, maxNanoseconds: 0)
    /// How long sessions that are open at the load's end are left alone before they are closed.
    package var gracefulStopNanoseconds: Int64 = 0

    package init() {}

    /// The number of VUs that holds: 1 where the plan does not say.
    package var vuCount: Int { vus?.value ?? 1 }

    /// The iterations that hold: one for each VU where the plan says neither a number nor a duration.
    package var iterationBudget: Iterations {
        if let iterations { return .total(iterations.value) }
        if let iterationsPerVU { return .perVU(iterationsPerVU.value) }
        return duration == nil ? .perVU(1) : .unlimited
    }
}
