import Diagnostics
import LoadMetrics
import Testing

/// Metrics of a plan's own.
@Suite struct CustomMetricTests {
    private let amount = MetricDefinition.custom("amount", .counter)
    private let price = MetricDefinition.custom("price", .trend)
    private let wait = MetricDefinition.custom("wait", .trend, isTime: true)
    private let depth = MetricDefinition.custom("depth", .gauge)
    private let ok = MetricDefinition.custom("ok", .rate)

    /// Two loops, each with samples of all metrics.
    private func snapshot() -> MetricsSnapshot {
        let recorders = [MetricsRecorder(), MetricsRecorder()]
        for (index, recorder) in recorders.enumerated() {
            let tags: TagSet = ["scenario": "a", "group": "g\(index)"]
            recorder.add(recorder.series(amount, tags), amount: 1.25)
            let prices = recorder.series(price, tags)
            for value in [0.000_001, 3, 9e12] { recorder.record(prices, number: value) }
            recorder.record(recorder.series(wait, tags), nanoseconds: 2_500_000)
            let depths = recorder.series(depth, tags)
            recorder.set(depths, to: 7.5, atNanoseconds: 10)
            recorder.set(depths, to: -Double(index), atNanoseconds: 20 - Int64(index))
            recorder.pass(recorder.series(ok, tags))
        }
        return MetricsSnapshot(merging: recorders.map { $0.snapshot() })
    }

    @Test func samplesOfAllLoopsAddUp() throws {
        let snapshot = snapshot()
        #expect(snapshot.amount(amount) == 2.5)
        #expect(snapshot.amount(amount, ["group": "g1"]) == 1.25)
        // The later one counts, whatever the order of the loops.
        #expect(snapshot.gauge(depth) == GaugeData(min: -1, max: 7.5, last: 0, count: 4))
        #expect(snapshot.gauge(depth, ["group": "g1"]) == GaugeData(min: -1, max: 7.5, last: -1, count: 2))
        #expect(snapshot.rate(ok) == RateData(passes: 2, fails: 0))
        let prices = try #require(snapshot.trend(price))
        #expect(prices.min == 1 && prices.max == 9_000_000_000_000_000_000 && prices.numberPercentile(50) == 3_000_000)
        #expect(abs(Double(prices.numberPercentile(99)) / 9e18 - 1) < 0.001)
    }

    /// In binary 0.1 + 0.2 is more than 0.3, and 0.1 + (0.2 + 0.3) less than (0.1 + 0.2) + 0.3.
    @Test func sumsAreExactInEveryOrder() {
        let samples = [0.1, 0.2, 0.3, 1e6, 0.7]
        let parts = samples.map { sample in
            let recorder = MetricsRecorder()
            recorder.add(recorder.series(amount, [:]), amount: sample)
            return recorder.snapshot()
        }
        #expect(MetricsSnapshot(merging: Array(parts[..<2])).amount(amount) == 0.3)
        let whole = MetricsSnapshot(merging: parts)
        #expect(whole.amount(amount) == 1_000_001.3)
        #expect(whole == MetricsSnapshot(merging: parts.reversed()))
    }

    @Test(
        arguments: [
            ("amount", "count == 2.5", true), ("amount{group=g0}", "count > 1.25", false), ("price", "med == 3", true),
            ("price", "max <= 9000000000000", true), ("price", "count == 6", true), ("wait", "p(95) < 3ms", true),
            ("depth", "min == -1", true), ("depth", "last > -0.5", true), ("ok", "rate == 100%", true),
        ])
    func thresholdsJudgeThem(_ selector: String, _ condition: String, _ holds: Bool) throws {
        let parser = ThresholdParser(catalog: .builtIn.with([amount, price, wait, depth, ok]))
        var diagnostics: [Diagnostic] = []
        func located(_ text: String) -> LocatedText { LocatedText(text, at: SourceSpan(0..<text.utf8.count)) }
        let selected = try #require(parser.selector(located(selector), into: &diagnostics), "\(diagnostics)")
        let threshold = try #require(
            parser.threshold(located(condition), on: selected, into: &diagnostics), "\(diagnostics)")
        let result = snapshot().judge([threshold], durationNanoseconds: 1_000_000_000)
        #expect(result.map(\.outcome) == [holds ? .passed : .failed])
    }

    @Test(
        arguments: [
            ("price", "p(95) < 3ms", DiagnosticCode.thresholdUnit), ("wait", "p(95) < 3", .thresholdWithoutUnit),
            ("amount", "p(95) < 3", .unknownAggregate), ("price", "min > -1", .thresholdNumber),
        ])
    func unitsAndAggregatesAreThoseOfTheirKind(
        _ selector: String, _ condition: String, _ code: DiagnosticCode
    ) throws {
        let parser = ThresholdParser(catalog: .builtIn.with([amount, price, wait]))
        var diagnostics: [Diagnostic] = []
        func located(_ text: String) -> LocatedText { LocatedText(text, at: SourceSpan(0..<text.utf8.count)) }
        let selected = try #require(parser.selector(located(selector), into: &diagnostics))
        _ = parser.threshold(located(condition), on: selected, into: &diagnostics)
        #expect(diagnostics.map(\.code) == [code])
    }
}
