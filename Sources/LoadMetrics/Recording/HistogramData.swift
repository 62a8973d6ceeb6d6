/// How many samples fell into each bucket of `BucketLayout`. Two histograms of the same samples are equal, in however many
/// parts and in which order the samples were counted.
package struct HistogramData: Hashable, Sendable {
    /// The counts of each octave, up to the last one with a sample; one without samples is empty.
    private(set) var octaves: [[UInt64]] = []

    package init() {}

    package var isEmpty: Bool { octaves.isEmpty }

    /// Adds the counts of one octave.
    mutating func add(_ counts: UnsafeBufferPointer<UInt64>, octave: Int) {
        guard counts.contains(where: { $0 != 0 }) else { return }
        makeRoom(for: octave)
        if octaves[octave].isEmpty {
            octaves[octave] = Array(counts)
        } else {
            octaves[octave].withUnsafeMutableBufferPointer { sums in
                for bucket in 0..<BucketLayout.bucketsPerOctave { sums[bucket] &+= counts[bucket] }
            }
        }
    }

    /// Adds to one bucket. Not for the hot path.
    mutating func add(_ count: UInt64, octave: Int, bucket: Int) {
        guard count > 0 else { return }
        makeRoom(for: octave)
        if octaves[octave].isEmpty { octaves[octave] = Array(repeating: 0, count: BucketLayout.bucketsPerOctave) }
        octaves[octave][bucket] &+= count
    }

    /// Adds the samples of another one.
    mutating func merge(_ other: HistogramData) {
        for (octave, counts) in other.octaves.enumerated() where !counts.isEmpty {
            counts.withUnsafeBufferPointer { add($0, octave: octave) }
        }
    }

    private mutating func makeRoom(for octave: Int) {
        while octaves.count <= octave { octaves.append([]) }
    }

    /// The bucket of the sample of this rank, from 1, in ascending order; the last one for a rank beyond all samples.
    func values(ofRank rank: UInt64) -> ClosedRange<Int64> {
        var passed: UInt64 = 0
        var last: ClosedRange<Int64> = 0...0
        for (octave, counts) in octaves.enumerated() {
            for (bucket, count) in counts.enumerated() where count > 0 {
                passed += count
                last = BucketLayout.range(octave: octave, bucket: bucket)
                if passed >= rank { return last }
            }
        }
        return last
    }

    /// Calls `body` with each bucket that has samples, in ascending order.
    func forEachBucket(_ body: (_ octave: Int, _ bucket: Int, _ count: UInt64) -> Void) {
        for (octave, counts) in octaves.enumerated() {
            for (bucket, count) in counts.enumerated() where count > 0 { body(octave, bucket, count) }
        }
    }
}
