import Histogram

/// A trend's samples without its empty buckets: what is kept of many of them, and what goes into files. It is as good as the
/// `TrendData` that it was made of.
struct SparseTrend: Hashable, Sendable {
    struct Bucket: Hashable, Sendable {
        /// The lowest value that it counts.
        var value: UInt64
        var count: UInt64
    }

    var count: UInt64 = 0
    var sum: UInt128 = 0
    var min = Int64.max
    var max: Int64 = 0
    /// Those with samples, in ascending order.
    var buckets: [Bucket] = []
}

extension SparseTrend {
    init(_ data: TrendData) {
        self.init(count: data.count, sum: data.sum, min: data.min, max: data.max)
        data.forEachBucket { buckets.append(Bucket(value: $0, count: $1)) }
    }
}

extension TrendData {
    /// Calls `body` with the lowest value of each bucket that has samples, in ascending order.
    ///
    /// The library's own iterators add up the values as they go, and stop the program where 64 bits do not hold the sum: two
    /// samples of a trend of numbers are enough for that.
    func forEachBucket(_ body: (_ value: UInt64, _ count: UInt64) -> Void) {
        guard let histogram, histogram.totalCount > 0 else { return }
        var value = histogram.lowestEquivalentForValue(histogram.min)
        while value <= histogram.maxRecorded {
            let count = histogram.countForValue(value)
            if count > 0 { body(value, count) }
            value = histogram.nextNonEquivalentForValue(value)
        }
    }

    /// What a sparse trend was made of. Nil where it contradicts itself: its extremes do not lie in its outer buckets, or two
    /// of its buckets are one.
    init?(_ sparse: SparseTrend) {
        self.init(count: sparse.count, sum: sparse.sum, min: sparse.min, max: sparse.max, histogram: nil)
        guard let last = sparse.buckets.last else { return }
        var histogram = Self.emptyHistogram
        // The histogram knows its own extremes, and percentiles do not go beyond them.
        let (lowest, highest) = (UInt64(Swift.min(min, Self.limit)), UInt64(Swift.min(max, Self.limit)))
        for bucket in sparse.buckets.dropLast() {
            _ = histogram.record(Swift.max(bucket.value, lowest), count: bucket.count)
        }
        _ = histogram.record(Swift.max(last.value, lowest), count: last.count - 1)
        _ = histogram.record(highest)
        self.init(count: count, sum: sum, min: min, max: max, histogram: histogram)
        guard SparseTrend(self).buckets == sparse.buckets else { return nil }
    }
}
