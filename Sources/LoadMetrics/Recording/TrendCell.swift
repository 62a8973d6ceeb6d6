import Histogram

/// Where a recorder counts the samples of one trend. `data` is their distribution.
///
/// The histogram stands behind a pointer: as an optional in this struct it was copied at every sample, through unspecialised
/// code (70 ns a sample instead of 13).
struct TrendCell: ~Copyable {
    private var count: UInt64 = 0
    private var sum: UInt128 = 0
    private var min: Int64 = .max
    private var max: Int64 = 0
    private var histogram: UnsafeMutablePointer<Histogram<UInt64>>?

    deinit {
        histogram?.deinitialize(count: 1)
        histogram?.deallocate()
    }

    /// Counts one sample. A negative time counts as zero: a message can have been received just before the
    /// moment from which its reader counts.
    mutating func record(_ nanoseconds: Int64) {
        let nanoseconds = Swift.max(nanoseconds, 0)
        let histogram = histogram ?? makeHistogram()
        count &+= 1
        sum &+= UInt128(truncatingIfNeeded: nanoseconds)
        if nanoseconds < min { min = nanoseconds }
        if nanoseconds > max { max = nanoseconds }
        _ = histogram.pointee.record(UInt64(bitPattern: Swift.min(nanoseconds, TrendData.limit)))
    }

    var data: TrendData {
        TrendData(count: count, sum: sum, min: min, max: max, histogram: histogram?.pointee)
    }

    /// What is known without looking at the histogram.
    var total: (count: UInt64, sum: UInt128) { (count, sum) }

    /// Gives away what was counted, histogram and all, and begins anew. Nothing is copied: the next sample makes another
    /// histogram.
    mutating func take() -> TrendData {
        let taken = TrendData(count: count, sum: sum, min: min, max: max, histogram: histogram?.move())
        histogram?.deallocate()
        histogram = nil
        (count, sum, min, max) = (0, 0, .max, 0)
        return taken
    }

    @inline(never)
    private mutating func makeHistogram() -> UnsafeMutablePointer<Histogram<UInt64>> {
        let made = UnsafeMutablePointer<Histogram<UInt64>>.allocate(capacity: 1)
        made.initialize(to: TrendData.emptyHistogram)
        histogram = made
        return made
    }
}
