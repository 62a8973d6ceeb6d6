/// The buckets of all histograms: each octave, from one power of two to the next, in 1,024 of equal width, so that a bucket
/// is narrower than a thousandth of what it counts. The values below 1,024 have a bucket each.
///
/// Every value from 0 to `Int64.max` has its bucket, and the layout is the same for all, so that histograms add up bucket by
/// bucket.
enum BucketLayout {
    static let bucketsPerOctave = 1024
    static let octaveCount = 54

    /// - Parameter value: not negative.
    @inline(__always)
    static func place(of value: Int64) -> (octave: Int, bucket: Int) {
        let octave = 54 - (value | 1023).leadingZeroBitCount
        let shift = octave - (octave == 0 ? 0 : 1)
        return (octave, Int(truncatingIfNeeded: value >> Int64(truncatingIfNeeded: shift)) & 1023)
    }

    /// The values that a bucket counts.
    static func range(octave: Int, bucket: Int) -> ClosedRange<Int64> {
        guard octave > 0 else { return Int64(bucket)...Int64(bucket) }
        let shift = octave - 1
        let lower = Int64(bucketsPerOctave + bucket) << Int64(shift)
        return lower...lower + (1 << Int64(shift)) - 1
    }
}
