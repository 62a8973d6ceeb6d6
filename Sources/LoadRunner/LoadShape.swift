/// How the load of one scenario is made (plan-language §5).
package struct LoadShape: Hashable, Sendable {
    /// Who begins an iteration, and when.
    package enum Work: Hashable, Sendable {
        /// Users begin one when they are done with the one before: a closed load.
        case users(UserSchedule, Iterations)
        /// One begins when it is due, with any user that has none: an open load.
        case arrivals(ArrivalSchedule, users: Int64)
    }

    package enum Iterations: Hashable, Sendable {
        /// As many as the time allows.
        case unlimited
        /// So many over all VUs together.
        case total(Int64)
        /// So many by each VU.
        case perVU(Int64)
    }

    package var work: Work
    /// From the start of the run to that of this load, from which everything else counts.
    package var startAfterNanoseconds: Int64
    /// Nil: until the iterations are done. Beside iterations it is a ceiling.
    package var durationNanoseconds: Int64?
    /// Between the end of an iteration and the start of the VU's next, drawn evenly.
    package var pauseNanoseconds: ClosedRange<Int64>
    /// How long open sessions are left alone at the end of the load.
    package var gracefulStopNanoseconds: Int64

    /// - Parameter durationNanoseconds: of a load whose users or arrivals have a schedule with an end, that end is taken.
    package init(
        _ work: Work = .users(UserSchedule(users: 1), .perVU(1)), startAfterNanoseconds: Int64 = 0,
        durationNanoseconds: Int64? = nil, pauseNanoseconds: ClosedRange<Int64> = 0...0,
        gracefulStopNanoseconds: Int64 = 0
    ) {
        self.work = work
        self.startAfterNanoseconds = startAfterNanoseconds
        self.durationNanoseconds =
            switch work {
            case .users(let schedule, _): schedule.endNanoseconds ?? durationNanoseconds
            case .arrivals(let schedule, _): schedule.endNanoseconds
            }
        self.pauseNanoseconds = pauseNanoseconds
        self.gracefulStopNanoseconds = gracefulStopNanoseconds
    }

    /// The most users that there are at once.
    package var mostUsers: Int64 {
        switch work {
        case .users(let schedule, _): schedule.most
        case .arrivals(_, let users): users
        }
    }

    /// Whether the schedule stops users while the load lasts, as stages may.
    var stopsUsers: Bool {
        guard case .users(let schedule, _) = work else { return false }
        return schedule.endNanoseconds != nil
    }
}
