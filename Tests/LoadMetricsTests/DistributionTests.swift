import Glibc
import LoadMetrics
import Testing

/// A million samples of a kind that histograms find easy or hard.
private struct Distribution: CustomTestStringConvertible, Sendable {
    let name: String
    /// A sample from two random numbers, above 0 and at most 1, and its number.
    let sample: @Sendable (_ first: Double, _ second: Double, _ number: Int) -> Double

    var testDescription: String { name }

    init(_ name: String, _ sample: @escaping @Sendable (Double, Double, Int) -> Double) {
        self.name = name
        self.sample = sample
    }

    func samples(_ count: Int = 1_000_000) -> [Int64] {
        var random = SplitMix()
        return (0..<count).map { Int64(min(sample(random.next(), random.next(), $0), 9e18)) }
    }

    static let all = [
        Distribution("the same time each time") { _, _, _ in 1_234_567 },
        Distribution("uniform from 0 to 2 µs") { first, _, _ in first * 2000 },
        Distribution("uniform around the edge of an octave") { first, _, _ in 1_048_576 + (first - 0.5) * 2048 },
        Distribution("rising, one nanosecond each") { _, _, number in Double(number) },
        Distribution("exponential with a mean of 5 ms") { first, _, _ in -log(first) * 5e6 },
        Distribution("normal, 20 ± 2 ms") { 20e6 + 2e6 * sqrt(-2 * log($0)) * cos(2 * .pi * $1) + 0 * Double($2) },
        Distribution("log-normal with a median of 1 ms") {
            1e6 * exp(1.5 * sqrt(-2 * log($0)) * cos(2 * .pi * $1)) + 0 * Double($2)
        },
        Distribution("Pareto with a heavy tail") { first, _, _ in 1e5 * pow(first, -1.1) },
        Distribution("two modes, one of a stalled server") { first, second, _ in
            second < 0.9 ? 1e6 + first * 1e5 : first * 1e9
        },
        Distribution("from a nanosecond to an hour") { first, _, _ in exp(first * log(3.6e12)) },
    ]
}

/// The same numbers each time, whatever the standard library's generators do.
private struct SplitMix {
    private var state: UInt64 = 42

    /// Above 0 and at most 1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11 + 1) / 9_007_199_254_740_992
    }
}

@Test(arguments: Distribution.all)
private func aMillionSamplesAreKnownToAThousandth(_ distribution: Distribution) throws {
    let samples = distribution.samples()
    let whole = MetricsRecorder()
    let loops = (0..<3).map { _ in MetricsRecorder() }
    let series = whole.series(.wsPing, [:])
    let parts = loops.map { $0.series(.wsPing, [:]) }
    for (index, sample) in samples.enumerated() {
        whole.record(series, nanoseconds: sample)
        loops[index * 7 / 5 % 3].record(parts[index * 7 / 5 % 3], nanoseconds: sample)
    }
    let data = try #require(whole.snapshot().trend(.wsPing))
    let exact = samples.sorted()
    #expect((data.count, data.min, data.max) == (1_000_000, exact[0], exact[999_999]))
    #expect(data.sum == samples.reduce(UInt128(0)) { $0 + UInt128($1) })
    for (percent, rank) in [
        (0.01, 100), (1, 10_000), (10, 100_000), (25, 250_000), (50, 500_000), (75, 750_000), (90, 900_000),
        (95, 950_000), (99, 990_000), (99.9, 999_000), (99.99, 999_900), (99.9999, 999_999), (100, 1_000_000),
    ] {
        let (value, truth) = (data.percentile(percent), exact[rank - 1])
        #expect(value >= truth && Double(value - truth) <= Double(truth) / 1000, "p(\(percent))")
    }
    // Buckets, sums and extremes: the same histogram, not only the same percentiles.
    let merged = MetricsSnapshot(merging: loops.map { $0.snapshot() })
    #expect(merged.trend(.wsPing) == data)
}
