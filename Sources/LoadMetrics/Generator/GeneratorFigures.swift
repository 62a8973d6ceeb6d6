/// The numbers that a verdict on a generator was made from.
package struct GeneratorFigures: Equatable, Sendable {
    /// Work that was due, and how much of it was begun in time (`GeneratorSecond.inTimeNanoseconds`).
    package var due: UInt64 = 0
    package var startedInTime: UInt64 = 0
    /// The p(99) of the loops' lag in the second in which it was the longest.
    package var lagNanoseconds: Int64 = 0
    /// The longest lag of all.
    package var longestLagNanoseconds: Int64 = 0
    /// The share of a whole second in which a loop worked, at most: 0 to 1.
    package var busy = 0.0
    package var pressure = HostPressure()

    package init() {}
}
