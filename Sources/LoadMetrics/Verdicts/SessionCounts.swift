/// What became of the sessions of a run or a scenario.
package struct SessionCounts: Hashable, Sendable {
    package var attempted: UInt64
    /// Of these, how many were established.
    package var opened: UInt64
    /// How many had an unmet expectation, a failed check or an error.
    package var failed: UInt64
    /// How many met their expectation, be it by being refused. What the load's end cut short is neither here nor in
    /// `failed`.
    package var met: UInt64

    package init(attempted: UInt64 = 0, opened: UInt64 = 0, failed: UInt64 = 0, met: UInt64 = 0) {
        self.attempted = attempted
        self.opened = opened
        self.failed = failed
        self.met = met
    }

    /// Whether sessions were attempted, and none of them was opened, nor has met its expectation by being refused: nothing was
    /// tested.
    package var haveTestedNothing: Bool { attempted > 0 && opened == 0 && met == 0 }

    package static func + (left: Self, right: Self) -> Self {
        SessionCounts(
            attempted: left.attempted + right.attempted, opened: left.opened + right.opened,
            failed: left.failed + right.failed, met: left.met + right.met)
    }
}
