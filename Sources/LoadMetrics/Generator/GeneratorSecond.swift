/// How the generator itself fared in one second of a run, as far as it can tell: what a verdict on it is made from.
package struct GeneratorSecond: Equatable, Sendable {
    /// Work that was due in this second: arrivals, ticks of timers, starts of iterations.
    package var due: UInt64
    /// Of this, what was started no later than `inTimeNanoseconds` after it was due.
    package var startedInTime: UInt64
    /// How late loops came to what they should have done, of all loops together and in any order; nothing where none had
    /// to do anything.
    package var lagNanoseconds: [Int64]
    /// The share of the second in which each loop worked, 0 to 1, in the order of the loops.
    package var busy: [Double]
    /// Whether it lasted a second: the last one of a run does not.
    package var isWhole: Bool

    /// What starts later has not been started in time.
    package static let inTimeNanoseconds: Int64 = 10_000_000

    package init(
        due: UInt64 = 0, startedInTime: UInt64 = 0, lagNanoseconds: [Int64] = [], busy: [Double] = [],
        isWhole: Bool = true
    ) {
        self.due = due
        self.startedInTime = startedInTime
        self.lagNanoseconds = lagNanoseconds
        self.busy = busy
        self.isWhole = isWhole
    }
}

/// What the machine took away from the process over a whole run.
package struct HostPressure: Equatable, Sendable {
    /// The share of all processor time that went to other guests of the host, 0 to 1.
    package var steal: Double
    /// How long the process was held back because its quota was used up.
    package var throttledMicroseconds: UInt64
    // What the threads of the process did in the time of the run, in shares of what each loop had of it, 0 to 1:
    /// They ran.
    package var running: Double
    /// They were ready to run and had no processor.
    package var waiting: Double

    package init(steal: Double = 0, throttledMicroseconds: UInt64 = 0, running: Double = 0, waiting: Double = 0) {
        self.steal = steal
        self.throttledMicroseconds = throttledMicroseconds
        self.running = running
        self.waiting = waiting
    }
}
