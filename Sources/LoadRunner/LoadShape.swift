/// How many virtual users run a scenario, how often, and for how long (plan-language §5).
package struct LoadShape: Hashable, Sendable {
    package enum Iterations: Hashable, Sendable {
        /// As many as the duration allows.
        case unlimited
        /// So many over all VUs together.
        case total(Int)
        /// So many by each VU.
        case perVU(Int)
    }

    package var vus: Int
    package var iterations: Iterations
    /// Nil: until the iterations are done. Beside iterations it is a ceiling.
    package var durationNanoseconds: Int64?
    /// The time over which the first starts are spread.
    package var rampUpNanoseconds: Int64
    /// Between the end of an iteration and the start of the VU's next, drawn evenly.
    package var pauseNanoseconds: ClosedRange<Int64>
    /// How long open sessions are left alone at the end of the load.
    package var gracefulStopNanoseconds: Int64

    package init(
        vus: Int = 1, iterations: Iterations = .perVU(1), durationNanoseconds: Int64? = nil,
        rampUpNanoseconds: Int64 = 0, pauseNanoseconds: ClosedRange<Int64> = 0...0, gracefulStopNanoseconds: Int64 = 0
    ) {
        self.vus = vus
        self.iterations = iterations
        self.durationNanoseconds = durationNanoseconds
        self.rampUpNanoseconds = rampUpNanoseconds
        self.pauseNanoseconds = pauseNanoseconds
        self.gracefulStopNanoseconds = gracefulStopNanoseconds
    }

    /// When a virtual user first starts, after the start of the load: evenly spread, the first one at once.
    package func firstStartNanoseconds(ofVU id: Int64) -> Int64 {
        guard rampUpNanoseconds > 0, vus > 1 else { return 0 }
        let (high, low) = rampUpNanoseconds.multipliedFullWidth(by: id - 1)
        return Int64(vus).dividingFullWidth((high, low)).quotient
    }

    /// How many sessions there can be at once.
    package var mostSessions: Int {
        if case .total(let count) = iterations { min(vus, count) } else { vus }
    }

    /// What may wait to be sent for one peer, in bytes: an equal part of 1 GiB for each session there can be, so that a
    /// server that stalls does not cost this machine its memory; but no more than one burst of a plan has reason to be,
    /// and no less than what is written at once.
    package var sendQueueBytes: Int { max(256 << 10, min(16 << 20, (1 << 30) / max(1, mostSessions))) }

    /// How many failed sessions end a run in which none has ever met its expectation.
    package var failuresBeforeGivingUp: Int { max(10, 3 * vus) }
}

/// The pause before a virtual user's next iteration.
struct Backoff {
    /// After a failed connect: at least 100 ms, doubling to 5 s (plan-language §2, Pace).
    static let first: Int64 = 100_000_000
    static let last: Int64 = 5_000_000_000

    private var nextNanoseconds = Backoff.first

    /// The least pause after an iteration; `connected` starts the doubling anew.
    mutating func pauseNanoseconds(connected: Bool) -> Int64 {
        guard !connected else {
            nextNanoseconds = Self.first
            return 0
        }
        defer { nextNanoseconds = min(nextNanoseconds * 2, Self.last) }
        return nextNanoseconds
    }
}
