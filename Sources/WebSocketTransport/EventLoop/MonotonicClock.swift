import Glibc

/// CLOCK_MONOTONIC, the only clock of the transport: it never jumps, and every loop and thread reads the same one.
package enum MonotonicClock {
    /// Nanoseconds since an arbitrary start (the machine's boot). About 20 ns a reading, by way of the vDSO.
    package static var nowNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension Int64 {
    /// The sum, or the largest number there is: a timeout of "never" is no overflow.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
