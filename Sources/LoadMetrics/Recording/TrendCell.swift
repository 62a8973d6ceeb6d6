import Glibc
import Histogram

/// Where a recorder counts the samples of one trend. `data` is their distribution.
///
/// The buckets are those of the histogram, in memory that takes room page by page as it is used: mostly some 20 KiB. In the
/// histogram itself all 432 KiB of them would be written before the first sample, which made up 300 of the bytes that each of
/// 18,000 idle sessions took.
struct TrendCell: ~Copyable {
    private var count: UInt64 = 0
    private var sum: UInt128 = 0
    private var min: Int64 = .max
    private var max: Int64 = 0
    private var buckets: UnsafeMutablePointer<UInt64>?

    deinit { returnBuckets() }

    /// Counts one sample. A negative time counts as zero: a message can have been received just before the
    /// moment from which its reader counts.
    mutating func record(_ nanoseconds: Int64) {
        let nanoseconds = Swift.max(nanoseconds, 0)
        let buckets = buckets ?? takeBuckets()
        count &+= 1
        sum &+= UInt128(truncatingIfNeeded: nanoseconds)
        if nanoseconds < min { min = nanoseconds }
        if nanoseconds > max { max = nanoseconds }
        buckets[Self.index(of: nanoseconds)] &+= 1
    }

    var data: TrendData {
        TrendData(count: count, sum: sum, min: min, max: max, histogram: histogram)
    }

    /// What is known without looking at the buckets.
    var total: (count: UInt64, sum: UInt128) { (count, sum) }

    /// Gives away what was counted, and begins anew.
    mutating func take() -> TrendData {
        let taken = data
        returnBuckets()
        buckets = nil
        (count, sum, min, max) = (0, 0, .max, 0)
        return taken
    }

    // MARK: Buckets

    // Up to 2,047 each value has a bucket of its own; from there on each power of two has 1,024 buckets. The index of a
    // value is that of its power, times 1,024, plus its first eleven bits.

    private static let bucketCount = index(of: .max) + 1

    private static func index(of value: Int64) -> Int {
        let value = Swift.min(value, TrendData.limit)
        let power = 53 - (value | 2_047).leadingZeroBitCount
        return power << 10 + Int(value >> Int64(power))
    }

    /// The lowest value of a bucket.
    private static func lowestValue(ofBucket index: Int) -> UInt64 {
        let power = Swift.max(0, index >> 10 - 1)
        return UInt64(index - power << 10) << UInt64(power)
    }

    private var histogram: Histogram<UInt64>? {
        guard let buckets else { return nil }
        var histogram = TrendData.emptyHistogram
        let last = Self.index(of: max)
        for index in Self.index(of: min)..<last where buckets[index] > 0 {
            histogram.record(Self.lowestValue(ofBucket: index), count: buckets[index])
        }
        // It knows its own maximum.
        histogram.record(Self.lowestValue(ofBucket: last), count: buckets[last] - 1)
        histogram.record(UInt64(Swift.min(max, TrendData.limit)))
        return histogram
    }

    @inline(never)
    private mutating func takeBuckets() -> UnsafeMutablePointer<UInt64> {
        let size = Self.bucketCount * MemoryLayout<UInt64>.stride
        guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { preconditionFailure("out of memory for the buckets of a trend") }
        let taken = memory.bindMemory(to: UInt64.self, capacity: Self.bucketCount)
        buckets = taken
        return taken
    }

    private func returnBuckets() {
        if let buckets { munmap(buckets, Self.bucketCount * MemoryLayout<UInt64>.stride) }
    }
}
