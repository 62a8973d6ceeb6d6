import Diagnostics
import LoadMetrics
import Testing

/// A threshold out of `selector: condition`.
func threshold(_ selector: String, _ condition: String) throws -> Threshold {
    var diagnostics: [Diagnostic] = []
    let parser = ThresholdParser()
    let located = try #require(parser.selector(MarkedText(selector).located, into: &diagnostics))
    return try #require(parser.threshold(MarkedText(condition).located, on: located, into: &diagnostics))
}

/// 100 pings of 1 to 100 ms, 50 messages, 9 of 10 checks, 2 MiB, and 1 to 4 open sessions.
private let snapshot: MetricsSnapshot = {
    let recorder = MetricsRecorder()
    let pings = recorder.series(.wsPing, ["scenario": "main"])
    for time in 1...100 { recorder.record(pings, nanoseconds: Int64(time) * 1_000_000) }
    recorder.add(recorder.series(.wsMsgsSent, [:]), 50)
    recorder.add(recorder.series(.dataSent, [:]), 2 << 20)
    let checks = recorder.series(.checks, ["check": "a"])
    for _ in 0..<9 { recorder.pass(checks) }
    recorder.fail(checks)
    let open = SharedGauge(.wsOpen)
    open.adjust(by: 4)
    open.adjust(by: -3)
    return MetricsSnapshot(merging: [recorder.snapshot()], gauges: [open])
}()

@Test(
    arguments: [
        ("ws_ping", "count == 100", 100, .passed),
        ("ws_ping", "avg < 51ms", 50.5e6, .passed),
        ("ws_ping", "min >= 1ms", 1e6, .passed),
        ("ws_ping", "max < 100ms", 100e6, .failed),
        ("ws_ping{scenario=main}", "max <= 100ms", 100e6, .passed),
        ("ws_ping{scenario=other}", "max <= 100ms", nil, .noSamples),
        ("ws_msgs_sent", "count != 50", 50, .failed),
        ("ws_msgs_sent", "rate >= 5/s", 5, .passed),
        ("ws_msgs_sent", "rate > 6/s", 5, .failed),
        ("data_sent", "rate < 1MB/s", 209_715.2, .passed),
        ("ws_errors", "count == 0", 0, .passed),
        ("ws_errors", "rate < 1/s", 0, .passed),
        ("checks", "rate > 90%", 0.9, .failed),
        ("checks{check=a}", "rate >= 0.9", 0.9, .passed),
        ("checks{check=b}", "rate >= 0", nil, .noSamples),
        ("ws_open", "max < 5", 4, .passed),
        ("ws_open", "last == 0", 1, .failed),
        ("vus", "max < 5", nil, .noSamples),
    ] as [(String, String, Double?, ThresholdResult.Outcome)])
func judges(_ selector: String, _ condition: String, _ value: Double?, _ outcome: ThresholdResult.Outcome) throws {
    let results = snapshot.judge([try threshold(selector, condition)], durationNanoseconds: 10_000_000_000)
    #expect(results.map(\.value?.value) == [value])
    #expect(results.map(\.outcome) == [outcome])
}

@Test func saysWhenAPercentileHasTooFewSamples() throws {
    let thresholds = [try threshold("ws_ping", "p(90) < 1s"), try threshold("ws_ping", "p(95) < 1s")]
    let results = snapshot.judge(thresholds, durationNanoseconds: 1)
    #expect(results.map(\.hasTooFewSamples) == [false, true])
    #expect(results.map(\.outcome) == [.passed, .passed])
    #expect(results.map(\.sampleCount) == [100, 100])
}

@Test func aRunWithoutTimeHasNoRates() throws {
    let results = snapshot.judge([try threshold("ws_msgs_sent", "rate == 0/s")], durationNanoseconds: 0)
    #expect(results.map(\.outcome) == [.passed])
}
