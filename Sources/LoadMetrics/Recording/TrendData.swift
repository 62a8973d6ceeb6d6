import Histogram

/// The distribution of one trend's samples in nanoseconds: a histogram of three significant digits from 1 ns on, and
/// beside it what a histogram only knows roughly. Of a trend of numbers all values are millionths, up to 9 × 10¹².
///
/// Data of several recorders merges exactly: each bucket and each number here is a sum, a minimum or a maximum.
package struct TrendData: Equatable, Sendable {
    package private(set) var count: UInt64 = 0
    /// Exact, and wide enough: a million sessions of an hour fill 62 bits.
    package private(set) var sum: UInt128 = 0
    package private(set) var min: Int64 = .max
    package private(set) var max: Int64 = 0
    /// Nil without samples: it takes 440 KiB.
    private(set) var histogram: Histogram<UInt64>?

    /// Up to where the buckets go: 285 years, longer than any time that a run can measure or that a plan can record, and
    /// in millionths the largest number.
    static let limit: Int64 = 9_000_000_000_000_000_000

    /// A histogram without samples. All are copies of this one: the first sample of each copies its buckets, where the
    /// library would fill them one by one through unspecialised code, which takes twice the time.
    static let emptyHistogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: UInt64(limit), numberOfSignificantValueDigits: .three)

    package init() {}

    init(count: UInt64, sum: UInt128, min: Int64, max: Int64, histogram: Histogram<UInt64>?) {
        self.count = count
        self.sum = sum
        self.min = min
        self.max = max
        self.histogram = histogram
    }

    /// Samples of which nothing else is known.
    init(count: UInt64, sum: UInt128) {
        self.count = count
        self.sum = sum
    }

    /// Adds the samples of another one.
    package mutating func merge(_ other: TrendData) {
        count += other.count
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        guard let added = other.histogram else { return }
        if histogram == nil { histogram = added } else { histogram?.add(added) }
    }

    /// The mean in nanoseconds, exact but for its rounding to a Double.
    package var average: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// The smallest time such that at least `percent` % of the samples are no longer, to three digits, never outside
    /// the samples. 0 without samples.
    ///
    /// - Parameter percent: more than 0, at most 100.
    package func percentile(_ percent: Double) -> Int64 {
        guard let histogram, percent < 100 else { return max }
        return Swift.min(Swift.max(Int64(clamping: histogram.valueAtPercentile(percent)), min), max)
    }

    /// The same of a trend of numbers, in millionths: of all that the histogram does not tell apart, the number with the
    /// fewest digits, so that the median of small whole numbers is one of them.
    package func numberPercentile(_ percent: Double) -> Int64 {
        guard let histogram, percent < 100 else { return max }
        return number(in: histogram.equivalentRangeForValue(histogram.valueAtPercentile(percent)))
    }

    /// What ``percentile(_:)``, or of a trend of numbers ``numberPercentile(_:)``, gives for each of `percents`, by one pass
    /// over the buckets: the library begins anew for each, which took 80 million instructions for the five of seven trends.
    ///
    /// - Parameter percents: ascending, below 100.
    func percentiles(_ percents: [Double], areNumbers: Bool) -> [Int64] {
        guard let histogram else { return percents.map { _ in max } }
        var values: [Int64] = []
        var passed: UInt64 = 0
        forEachBucket { value, count in
            passed += count
            while values.count < percents.count, Self.rank(of: percents[values.count], among: self.count) <= passed {
                let range = histogram.equivalentRangeForValue(value)
                values.append(
                    areNumbers
                        ? number(in: range)
                        : Swift.min(Swift.max(Int64(clamping: range.upperBound), min), max))
            }
        }
        return values
    }

    private func number(in range: ClosedRange<UInt64>) -> Int64 {
        var step: UInt64 = 1_000_000_000_000_000_000
        while range.upperBound / step * step < range.lowerBound { step /= 10 }
        return Swift.min(Swift.max(Int64(clamping: range.upperBound / step * step), min), max)
    }

    /// ⌈`percent` % of `count`⌉: of the samples in ascending order, the one that is their percentile.
    static func rank(of percent: Double, among count: UInt64) -> UInt64 {
        // 10,000 × 99.9 / 100 is 9990.000000000002 in binary, which is not beyond the 9,990th sample.
        Swift.max(1, UInt64((percent.nextDown * Double(count) / 100).rounded(.up)))
    }

    /// Whether at least ten samples lie beyond a percentile: with fewer its value is mostly chance.
    package func supports(percentile percent: Double) -> Bool {
        Self.supports(percentile: percent, count: count)
    }

    /// `count` × (1 − `percent` / 100) ≥ 10. The median, the minimum and the maximum need no such support.
    package static func supports(percentile percent: Double, count: UInt64) -> Bool {
        guard percent < 100 else { return true }
        // One billionth of tolerance: 10,000 × (100 − 99.9) / 100 is 9.99999999999943 in binary.
        return Double(count) * (100 - percent) / 100 >= 10 - 1e-9
    }
}
