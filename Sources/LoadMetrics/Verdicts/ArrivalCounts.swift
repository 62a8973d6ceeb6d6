/// What became of the arrivals of an open load. Each is one of the last three.
package struct ArrivalCounts: Hashable, Sendable {
    /// How many were due.
    package var due: UInt64
    package var started: UInt64
    /// How many found no free virtual user.
    package var dropped: UInt64
    /// How many found no row in a data source that has an end.
    package var withoutRow: UInt64

    package init(due: UInt64 = 0, started: UInt64 = 0, dropped: UInt64 = 0, withoutRow: UInt64 = 0) {
        self.due = due
        self.started = started
        self.dropped = dropped
        self.withoutRow = withoutRow
    }

    package static func + (left: Self, right: Self) -> Self {
        ArrivalCounts(
            due: left.due + right.due, started: left.started + right.started, dropped: left.dropped + right.dropped,
            withoutRow: left.withoutRow + right.withoutRow)
    }
}
