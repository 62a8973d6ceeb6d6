import LoadMetrics
import Testing

/// What one recorder makes of these times.
private func trend(_ nanoseconds: some Sequence<Int64>) throws -> TrendData {
    let recorder = MetricsRecorder()
    let series = recorder.series(.wsPing, [:])
    for time in nanoseconds { recorder.record(series, nanoseconds: time) }
    return try #require(recorder.snapshot().trend(.wsPing))
}

@Test func smallTimesAreExact() throws {
    let data = try trend((1...1000).reversed())
    #expect(data.count == 1000)
    #expect(data.average == 500.5)
    #expect((data.min, data.max) == (1, 1000))
    let percentiles: [(Double, Int64)] = [(0.1, 1), (50, 500), (90, 900), (99, 990), (99.9, 999), (100, 1000)]
    for (percent, value) in percentiles { #expect(data.percentile(percent) == value, "p(\(percent))") }
}

@Test func largeTimesAreExactToThreeDigits() throws {
    // Three per cent apart each, from 1 µs to 40 minutes.
    let times = (0..<730).map { step in (0..<step).reduce(1000.0) { time, _ in time * 1.03 } }.map { Int64($0) }
    let data = try trend(times)
    #expect((data.min, data.max) == (times[0], times[729]))
    #expect(data.average == Double(times.reduce(0, +)) / 730)
    for percent in stride(from: 1.0, through: 99, by: 1) {
        let exact = times[Int((percent / 100 * 730).rounded(.up)) - 1]
        #expect(abs(data.percentile(percent) - exact) <= exact / 1000, "p(\(percent))")
    }
}

@Test func oneSampleIsEveryPercentile() throws {
    let data = try trend([1_234_567])
    #expect([0.5, 50, 99.9, 100].map(data.percentile) == [1_234_567, 1_234_567, 1_234_567, 1_234_567])
}

@Test func timesBeyondTheHistogramKeepTheirMaximum() throws {
    let hour: Int64 = 3_600_000_000_000
    let data = try trend([-5, 10, 3 * hour, .max])
    #expect((data.min, data.max) == (0, .max))
    #expect(data.sum == UInt128(10) + UInt128(3 * hour) + UInt128(Int64.max))
    #expect(abs(data.percentile(60) - hour) <= hour / 1000)
    #expect(data.percentile(100) == .max)
}

@Test(arguments: [
    (90.0, 99, false), (90, 100, true), (99, 999, false), (99, 1000, true), (99.9, 9999, false), (99.9, 10_000, true),
    (100, 1, true),
])
func percentilesNeedTenSamplesBeyondThem(_ percent: Double, _ count: UInt64, _ isSupported: Bool) {
    #expect(TrendData.supports(percentile: percent, count: count) == isSupported)
}
