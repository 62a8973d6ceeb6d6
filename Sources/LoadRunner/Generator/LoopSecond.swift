/// What one loop noted of itself in one second of a run, or in the part of it that it was there for.
package struct LoopSecond: Equatable, Sendable {
    /// Work that was due, and how much of it was begun in time.
    package var due: UInt64 = 0
    package var startedInTime: UInt64 = 0
    /// How late each beat came.
    package var lagNanoseconds: [Int64] = []
    /// How long the loop had something to do, and whether that was to the end of the second.
    package var lengthNanoseconds: Int64 = 0
    package var isWhole = false
    /// The share of this time in which its thread worked, or was ready to and had no processor; 0 where it changed its
    /// thread, which a loop that has no time to spare never does.
    package var busy = 0.0

    package init(
        due: UInt64 = 0, startedInTime: UInt64 = 0, lagNanoseconds: [Int64] = [], lengthNanoseconds: Int64 = 0,
        isWhole: Bool = false, busy: Double = 0
    ) {
        self.due = due
        self.startedInTime = startedInTime
        self.lagNanoseconds = lagNanoseconds
        self.lengthNanoseconds = lengthNanoseconds
        self.isWhole = isWhole
        self.busy = busy
    }
}
