package import Diagnostics

/// How many virtual users run a scenario, how often, and for how long (plan-language §5).
package struct Load: Hashable, Sendable {
    package var shape = Shape.iterationsPerVU(vus: nil, iterations: nil, duration: nil)
    /// Where it is written, if it is.
    package var span: SourceSpan?
    /// From the start of the run to that of this load, with which its durations begin.
    package var startAfterNanoseconds: Int64 = 0
    /// The time over which the first starts of a constant number of VUs are spread evenly.
    package var rampUpNanoseconds: Int64 = 0
    package var pause = Pause(minNanoseconds: 0, maxNanoseconds: 0)
    /// How long sessions that are open at the load's end are left alone before they are closed.
    package var gracefulStopNanoseconds: Int64 = 0
    /// False where something of it is wrong, or a template without a value: other values stand for these.
    package var isWhollyKnown = true

    /// The time between the end of an iteration and the start of the VU's next, drawn evenly from min to max.
    package struct Pause: Hashable, Sendable {
        package var minNanoseconds: Int64
        package var maxNanoseconds: Int64

        package init(minNanoseconds: Int64, maxNanoseconds: Int64) {
            self.minNanoseconds = minNanoseconds
            self.maxNanoseconds = maxNanoseconds
        }
    }

    package init() {}

    /// When the load ends at the latest, counted from the start of the run; nil where only its iterations end it.
    package var endNanoseconds: Int64? {
        // Either is at most a year.
        shape.durationNanoseconds.map { startAfterNanoseconds + $0 }
    }
}
