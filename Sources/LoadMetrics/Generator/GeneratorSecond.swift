/// How the generator itself fared in one second of a run, as far as it can tell: what a verdict on it is made from.
package struct GeneratorSecond: Equatable, Sendable {
    /// Work that was due in this second: arrivals, ticks of timers, starts of iterations.
    package var due: UInt64
    /// Of this, what was started no later than `inTimeNanoseconds` after it was due.
    package var startedInTime: UInt64
    /// How late loops came to what they should have done, of all loops together; no samples where none had to do anything.
    package var loopLag: TrendData
    /// The share of the second in which each loop worked, 0 to 1, in the order of the loops.
    package var busy: [Double]

    /// What starts later has not been started in time.
    package static let inTimeNanoseconds: Int64 = 10_000_000

    package init(due: UInt64 = 0, startedInTime: UInt64 = 0, loopLag: TrendData = TrendData(), busy: [Double] = []) {
        self.due = due
        self.startedInTime = startedInTime
        self.loopLag = loopLag
        self.busy = busy
    }
}

/// What the machine took away from the process over a whole run.
package struct HostPressure: Equatable, Sendable {
    /// The share of all processor time that went to other guests of the host, 0 to 1.
    package var steal: Double
    /// How long the process was held back because its quota was used up.
    package var throttledMicroseconds: UInt64
    /// The share of the time in which the thread of a loop was ready to run and had no processor, 0 to 1; the largest of all
    /// loops.
    package var waiting: Double

    package init(steal: Double = 0, throttledMicroseconds: UInt64 = 0, waiting: Double = 0) {
        self.steal = steal
        self.throttledMicroseconds = throttledMicroseconds
        self.waiting = waiting
    }
}
