/// A histogram of two significant digits that takes only as much memory as it has buckets with samples: one for each step
/// of a time series would otherwise take thousands of times a whole one.
///
/// An octave, from one power of two to the next, has 128 buckets, each of which is eight of a whole histogram: coarse ones of
/// parts add up to that of the whole.
struct CoarseDistribution: Hashable, Sendable {
    struct Bucket: Hashable, Sendable {
        var number: UInt16
        var count: UInt32
    }

    /// Those with samples, in ascending order.
    private(set) var buckets: [Bucket] = []

    private static let bucketsPerOctave = 128
    static let bucketCount = 57 * bucketsPerOctave

    init() {}

    /// - Parameter buckets: in ascending order.
    init(_ buckets: [Bucket]) { self.buckets = buckets }

    init(_ data: TrendData) {
        data.forEachBucket { value, count in
            add(Bucket(number: UInt16(Self.number(of: value)), count: UInt32(clamping: count)))
        }
    }

    /// - Parameter value: less than 2⁶³.
    private static func number(of value: UInt64) -> Int {
        let octave = 57 - (value | 127).leadingZeroBitCount
        return octave * bucketsPerOctave + Int(value >> UInt64(max(octave - 1, 0)) & 127)
    }

    /// The largest value that a bucket counts.
    private static func upperBound(of bucket: Bucket) -> Int64 {
        let (octave, place) = Int(bucket.number).quotientAndRemainder(dividingBy: bucketsPerOctave)
        guard octave > 0 else { return Int64(place) }
        return Int64(((UInt64(bucketsPerOctave + place) + 1) << UInt64(octave - 1)) - 1)
    }

    /// Adds to the last bucket or to one behind it.
    private mutating func add(_ bucket: Bucket) {
        if buckets.last?.number == bucket.number {
            buckets[buckets.count - 1].count = Self.sum(buckets[buckets.count - 1].count, bucket.count)
        } else {
            buckets.append(bucket)
        }
    }

    /// Four billion samples in one bucket of one step are as good as more.
    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    mutating func merge(_ other: CoarseDistribution) {
        guard !buckets.isEmpty else { return buckets = other.buckets }
        var merged = CoarseDistribution()
        merged.buckets.reserveCapacity(buckets.count + other.buckets.count)
        var mine = buckets[...]
        var theirs = other.buckets[...]
        while let left = mine.first, let right = theirs.first {
            merged.add(left.number <= right.number ? mine.removeFirst() : theirs.removeFirst())
        }
        for bucket in mine + theirs { merged.add(bucket) }
        self = merged
    }

    /// The largest value of the bucket of the ⌈`percent` % of `count`⌉th sample; nil without samples.
    func value(at percent: Double, of count: UInt64) -> Int64? {
        let rank = TrendData.rank(of: percent, among: count)
        var passed: UInt64 = 0
        for bucket in buckets {
            passed += UInt64(bucket.count)
            if passed >= rank || bucket == buckets.last { return Self.upperBound(of: bucket) }
        }
        return nil
    }
}
