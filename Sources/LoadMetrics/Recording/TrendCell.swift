/// Where a recorder counts the samples of one trend. `data` is their distribution.
///
/// Counting takes a shift, two loads and a store. The buckets of an octave are made at its first sample: a trend whose
/// samples lie within a factor of a hundred takes 64 KiB, and one without any nothing.
struct TrendCell: ~Copyable {
    private typealias Counts = UnsafeMutablePointer<UInt64>

    private(set) var count: UInt64 = 0
    private(set) var sum: UInt128 = 0
    private var min: Int64 = .max
    private var max: Int64 = 0
    private var octaves: UnsafeMutablePointer<Counts?>?

    deinit {
        guard let octaves else { return }
        for octave in 0..<BucketLayout.octaveCount { octaves[octave]?.deallocate() }
        octaves.deallocate()
    }

    /// Counts one sample. A negative time counts as zero: a message can have been received just before the
    /// moment from which its reader counts.
    mutating func record(_ value: Int64) {
        let value = Swift.max(value, 0)
        count &+= 1
        sum &+= UInt128(truncatingIfNeeded: value)
        if value < min { min = value }
        if value > max { max = value }
        let place = BucketLayout.place(of: value)
        if let octaves, let counts = octaves[place.octave] {
            counts[place.bucket] &+= 1
        } else {
            makeOctave(place.octave)[place.bucket] &+= 1
        }
    }

    var data: TrendData {
        var histogram = HistogramData()
        forEachOctave { octave, counts in
            histogram.add(
                UnsafeBufferPointer(start: counts, count: BucketLayout.bucketsPerOctave), octave: octave)
        }
        return TrendData(count: count, sum: sum, min: min, max: max, histogram: histogram)
    }

    /// Gives what was counted, and begins anew with the memory that there is.
    mutating func take() -> TrendData {
        let taken = data
        (count, sum, min, max) = (0, 0, .max, 0)
        forEachOctave { _, counts in counts.update(repeating: 0, count: BucketLayout.bucketsPerOctave) }
        return taken
    }

    private func forEachOctave(_ body: (Int, Counts) -> Void) {
        guard let octaves else { return }
        for octave in 0..<BucketLayout.octaveCount {
            if let counts = octaves[octave] { body(octave, counts) }
        }
    }

    @inline(never)
    private mutating func makeOctave(_ octave: Int) -> Counts {
        if octaves == nil {
            let made = UnsafeMutablePointer<Counts?>.allocate(capacity: BucketLayout.octaveCount)
            made.initialize(repeating: nil, count: BucketLayout.octaveCount)
            octaves = made
        }
        let counts = Counts.allocate(capacity: BucketLayout.bucketsPerOctave)
        counts.initialize(repeating: 0, count: BucketLayout.bucketsPerOctave)
        octaves?[octave] = counts
        return counts
    }
}
