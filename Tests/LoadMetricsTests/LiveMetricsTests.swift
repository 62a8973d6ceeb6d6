import Diagnostics
import LoadMetrics
import Testing

/// A run of some loops whose clock the test sets.
private struct Simulation {
    let live: LiveMetrics
    let loops: [MetricsRecorder]
    let open: SharedGauge
    private let start: Int64 = 7_000_000_123
    private let thresholds: [Threshold]

    static let second: Int64 = 1_000_000_000

    init(_ thresholds: [Threshold] = [], loops count: Int = 2) {
        self.thresholds = thresholds
        let total = SharedGauge(.wsOpen)
        open = SharedGauge(.wsOpen, ["scenario": "main"], partOf: total)
        let live = LiveMetrics(
            thresholds: thresholds, loopCount: count, startNanoseconds: start, gauges: [open, total])
        self.live = live
        loops = (0..<count).map { MetricsRecorder(live.order(forLoop: $0)) }
    }

    /// What a loop does at a time of the run.
    func at(_ seconds: Double, loop: Int, _ body: (MetricsRecorder) -> Void = { _ in }) {
        loops[loop].advance(toNanoseconds: time(seconds))
        body(loops[loop])
    }

    func time(_ seconds: Double) -> Int64 { start + Int64(seconds * 1e9) }

    /// The end of the run, and what came of it.
    func finish(at seconds: Double, abortedBy: ThresholdResult? = nil) -> RunMeasurements {
        for loop in loops { loop.finish() }
        let duration = Int64(seconds * 1e9)
        let (series, ledgers) = live.finish(durationNanoseconds: duration)
        return RunMeasurements(
            thresholds: thresholds, snapshot: MetricsSnapshot(merging: loops.map { $0.snapshot() }), series: series,
            ledgers: ledgers,
            durationNanoseconds: duration, abortedBy: abortedBy)
    }
}

extension MetricsRecorder {
    fileprivate func ping(_ milliseconds: Int64, _ tags: TagSet = ["scenario": "main"]) {
        record(series(.wsPing, tags), nanoseconds: milliseconds * 1_000_000)
    }

    fileprivate func send(_ count: Int, _ tags: TagSet = ["scenario": "main"]) { add(series(.wsMsgsSent, tags), count) }
}

private func threshold(
    _ selector: String, _ condition: String, after: Double = 0, window: Double? = nil, abort: Bool = false
) throws -> Threshold {
    var threshold = try LoadMetricsTests.threshold(selector, condition)
    threshold.afterNanoseconds = Int64(after * 1e9)
    threshold.windowNanoseconds = window.map { Int64($0 * 1e9) }
    threshold.abortsRun = abort
    return threshold
}

@Suite struct WindowTests {
    /// Pings of two loops: 10 ms each second, 500 ms in the seventh.
    private func run(_ threshold: Threshold, seconds: Int = 10, slow: Int? = 6) -> ThresholdResult {
        let simulation = Simulation([threshold])
        for second in 0..<seconds {
            for loop in 0..<2 {
                simulation.at(Double(second) + 0.5, loop: loop) { $0.ping(second == slow ? 500 : 10) }
            }
            #expect(simulation.live.advance() == nil)
        }
        return simulation.finish(at: Double(seconds) + 0.02).judge()[0]
    }

    @Test func theWorstWindowDecides() throws {
        let result = run(try threshold("ws_ping", "max < 100ms", window: 2))
        #expect(result.outcome == .failed)
        #expect(result.value == Quantity(500e6, .nanoseconds))
        #expect(result.sampleCount == 4)
        #expect(result.worstWindow == 6_000_000_000..<8_000_000_000)
        #expect((result.windowCount, result.failedWindowCount) == (5, 1))
        #expect(result.windowsInWords == "worst of 5 windows, from 6s to 8s; 1 failed")
    }

    @Test func onlyFullWindowsCount() throws {
        // The seventh second is in the third window of 3 s, and in none of 6 s after 4.5 s: that one would end at 10.5 s.
        #expect(run(try threshold("ws_ping", "max < 100ms", window: 3)).failedWindowCount == 1)
        let late = run(try threshold("ws_ping", "max < 100ms", after: 4.5, window: 6))
        #expect(late.outcome == .noSamples && late.windowCount == 0 && late.windowsInWords == "no window was full")
        #expect(run(try threshold("ws_ping", "max < 100ms", window: 10), slow: nil).outcome == .passed)
        #expect(run(try threshold("ws_ping", "max < 100ms", window: 11), slow: nil).outcome == .noSamples)
    }

    @Test func windowsNeedNotBeSeconds() throws {
        let result = run(try threshold("ws_ping", "count >= 2", after: 0.25, window: 0.5))
        // Pings come at each half second: every second window has none.
        #expect(result.outcome == .noSamples)
        #expect((result.windowCount, result.failedWindowCount) == (19, 9))
        #expect(result.value == nil && result.worstWindow == 750_000_000..<1_250_000_000)
    }

    @Test func samplesBeforeAfterAreLeftOut() throws {
        #expect(run(try threshold("ws_ping", "max < 100ms", after: 7)).outcome == .passed)
        let inside = run(try threshold("ws_ping", "count == 8", after: 6))
        #expect(inside.outcome == .passed && inside.sampleCount == 8)
        #expect(run(try threshold("ws_ping", "max < 100ms", after: 6.6)).value == Quantity(10e6, .nanoseconds))
        let never = run(try threshold("ws_ping", "max < 100ms", after: 60))
        #expect(never.outcome == .noSamples && never.value == nil)
        // Rates are of the time behind it: 20 pings in 10 s, none of them messages.
        #expect(run(try threshold("ws_msgs_sent", "count == 0", after: 60)).outcome == .noSamples)
        #expect(run(try threshold("ws_msgs_sent", "rate == 0/s", after: 2)).outcome == .passed)
    }

    @Test func aServerThatIsGoneFailsTheWindowsBehind() throws {
        let thresholds = [
            try threshold("ws_ping", "p(95) < 100ms", window: 2), try threshold("ws_ping", "p(95) < 100ms"),
            try threshold("ws_msgs_sent", "rate > 1/s", window: 2), try threshold("checks", "rate > 50%", window: 2),
        ]
        let simulation = Simulation(thresholds)
        for loop in 0..<2 {
            for second in 0..<4 {
                simulation.at(Double(second), loop: loop) { recorder in
                    recorder.ping(10)
                    recorder.send(5)
                    recorder.pass(recorder.series(.checks, ["scenario": "main", "check": "a"]))
                }
            }
            simulation.at(9.9, loop: loop)
        }
        let results = simulation.finish(at: 10).judge()
        #expect(results.map(\.outcome) == [.noSamples, .passed, .failed, .noSamples])
        #expect(results.map(\.failedWindowCount) == [3, 0, 3, 3])
        #expect(results[2].value == Quantity(0, .perSecond))
    }

    /// A level stays until it is changed.
    @Test func gaugesHaveTheirLevelInEveryWindow() throws {
        let thresholds = [
            try threshold("ws_open", "max <= 3", window: 1),
            try threshold("ws_open{scenario=main}", "min >= 2", window: 1),
            try threshold("ws_open", "max == 2", after: 3),
        ]
        let simulation = Simulation(thresholds)
        simulation.open.adjust(by: 3, atNanoseconds: simulation.time(0.2))
        simulation.open.adjust(by: -1, atNanoseconds: simulation.time(2.5))
        for loop in 0..<2 { simulation.at(5.5, loop: loop) }
        let measured = simulation.finish(at: 6)
        let results = measured.judge()
        #expect(results.map(\.outcome) == [.passed, .passed, .passed])
        #expect(results[0].windowCount == 6 && results[0].value == Quantity(3, .count))
        let points = measured.series.points(of: SeriesKey(.wsOpen, ["scenario": "main"]))
        let levels: [(Double, Double)] = [(3, 3), (3, 3), (2, 3), (2, 2), (2, 2), (2, 2)]
        #expect(points == levels.map { .gauge(min: $0.0, max: $0.1, last: $0.0) })
    }
}

/// What thresholds that replace zero tolerance for failures leave out of what they judge.
@Suite struct ToleranceTests {
    private static let tags: TagSet = ["scenario": "main", "check": "a"]

    /// A sample of each of the three metrics at each of some times, in seconds.
    private func run(_ thresholds: [Threshold], failing: [Double], passing: [Double] = [], end: Double)
        -> RunMeasurements
    {
        let simulation = Simulation(thresholds, loops: 1)
        for (time, fails) in (failing.map { ($0, true) } + passing.map { ($0, false) }).sorted(by: { $0.0 < $1.0 }) {
            simulation.at(time, loop: 0) { recorder in
                let (failed, check) = (
                    recorder.series(.wsSessionFailed, ["scenario": "main"]), recorder.series(.checks, Self.tags)
                )
                if fails {
                    recorder.pass(failed)
                    recorder.fail(check)
                    recorder.add(recorder.series(.wsErrors, ["scenario": "main", "kind": "reset"]))
                } else {
                    recorder.fail(failed)
                    recorder.pass(check)
                }
            }
        }
        return simulation.finish(at: end)
    }

    @Test func failuresBehindTheLastFullWindowAreJudged() throws {
        let thresholds = [
            try threshold("ws_session_failed", "rate < 10%", window: 2),
            try threshold("checks", "rate > 90%", window: 2),
            try threshold("ws_errors", "count < 2", window: 2),
            try threshold("ws_session_failed", "rate <= 50%", window: 2),
            try threshold("checks", "rate >= 50%", window: 2),
            // As if nothing more had come in the two seconds.
            try threshold("ws_errors", "rate <= 1/s", window: 2),
            // What tolerates nothing is judged in full windows only.
            try threshold("ws_ping", "max < 1ms", window: 2), try threshold("ws_sessions", "count == 0", window: 2),
        ]
        let measured = run(thresholds[..<6].map(\.self), failing: [2.5, 2.6], passing: [0.5, 2.7, 2.8], end: 3.9)
        let results = measured.judge()
        #expect(results.map(\.outcome) == [.failed, .failed, .failed, .passed, .passed, .passed])
        let rests: [Int64?] = Array(repeating: 2_000_000_000, count: 3) + Array(repeating: nil, count: 3)
        #expect(results.map(\.failedRestNanoseconds) == rests)
        #expect(results.map(\.windowCount) == Array(repeating: 1, count: 6))
        #expect(results.map(\.failedWindowCount) == Array(repeating: 0, count: 6))
        #expect(results[0].value == Quantity(0.5, .share) && results[0].sampleCount == 4)
        #expect(results[2].value == Quantity(2, .count))
        #expect(
            results[0].windowsInWords == "worst behind the last full window, from 2s on; before, 1 window")
        // Without a failure there is nothing to tolerate, and without a full window nothing is judged.
        let quiet = run(thresholds, failing: [], passing: [0.5, 2.5], end: 3.9).judge()
        #expect(quiet[..<6].allSatisfy { $0.outcome == .passed && $0.failedRestNanoseconds == nil })
        let short = run(thresholds, failing: [0.5], end: 1.9).judge()
        #expect(short.allSatisfy { $0.outcome == .noSamples && $0.windowsInWords == "no window was full" })
    }

    @Test func aWorseWindowBeforeStaysTheWorst() throws {
        let result = run(
            [try threshold("ws_session_failed", "rate < 10%", window: 1)], failing: [0.5, 1.5, 3.1],
            passing: [1.6, 2.5, 3.2], end: 3.9
        ).judge()[0]
        #expect(result.outcome == .failed && result.value == Quantity(1, .share))
        #expect((result.windowCount, result.failedWindowCount) == (3, 2))
        #expect(result.failedRestNanoseconds == 3_000_000_000)
        #expect(result.windowsInWords == "worst of 3 windows, from 0s to 1s; 2 failed")
    }

    @Test func failuresBeforeAfterAreCounted() throws {
        let thresholds = [
            try threshold("ws_session_failed", "rate < 10%", after: 2), try threshold("checks", "rate > 90%", after: 2),
            try threshold("ws_errors{kind=reset}", "count == 0", after: 2, window: 1),
            try threshold("checks{check=b}", "rate > 90%", after: 1),
            try threshold("ws_sessions", "count == 0", after: 2),
        ]
        let results = run(thresholds, failing: [0.1, 1.9], passing: [1.5, 2.5], end: 4).judge()
        #expect(results.map(\.failuresBefore) == [2, 2, 2, 0, 0])
        #expect(results.map(\.outcome) == [.passed, .passed, .passed, .noSamples, .passed])
        #expect(
            results.map(\.failuresBeforeInWords) == [
                "2 failed sessions before 2s, which nothing judges", "2 failed checks before 2s, which nothing judges",
                "2 errors before 2s, which nothing judges", nil, nil,
            ])
    }

    /// One shard ends before the other: what it has behind its last window is in the next one of the whole.
    @Test func shardsOfDifferentLengthAddUp() throws {
        let thresholds = [
            try threshold("ws_session_failed", "rate < 50%", after: 1, window: 1),
            try threshold("checks", "rate > 50%", window: 1),
        ]
        let times: [(failing: [Double], passing: [Double], end: Double)] = [
            ([0.5, 2.1, 4.3], [1.5, 2.2, 2.4, 3.5, 4.1, 4.2], 4.9), ([2.3], [0.5, 0.6, 0.7, 1.6], 2.8),
        ]
        let whole = run(
            thresholds, failing: times.flatMap(\.failing), passing: times.flatMap(\.passing), end: 4.9)
        for order in [times, times.reversed()] {
            let parts = order.map { run(thresholds, failing: $0.failing, passing: $0.passing, end: $0.end) }
            var merged = parts[0]
            let isMerged = merged.merge(parts[1])
            #expect(isMerged)
            #expect(merged.ledgers == whole.ledgers)
            #expect(merged.judge() == whole.judge())
        }
        #expect(whole.judge().map(\.outcome) == [.failed, .failed])
    }

    /// A result is judged by thresholds with their words as they are shown, secrets masked.
    @Test func theWorstWindowHasTheWordsOfItsThreshold() throws {
        let measured = run([try threshold("checks", "rate > 90%", window: 1)], failing: [0.5], end: 2)
        let renamed = measured.renamed(Renaming(of: []) { $0.replacing("90", with: "**") })
        #expect(renamed.judge().map(\.threshold.condition.value) == ["rate > **%"])
    }
}

@Suite struct AbortTests {
    @Test func abortsOnceItDoesNotHold() throws {
        let abort = try threshold("ws_session_failed", "rate < 10%", abort: true)
        let simulation = Simulation([abort])
        func sessions(_ second: Double, failed: Bool) {
            for loop in 0..<2 {
                simulation.at(second, loop: loop) { recorder in
                    let series = recorder.series(.wsSessionFailed, ["scenario": "main"])
                    if failed { recorder.pass(series) } else { for _ in 0..<9 { recorder.fail(series) } }
                }
            }
        }
        // Without samples it waits.
        for loop in 0..<2 { simulation.at(1.5, loop: loop) }
        #expect(simulation.live.advance() == nil)
        sessions(2.5, failed: false)
        sessions(3.5, failed: true)
        #expect(simulation.live.advance() == nil, "the fourth second is not over")
        simulation.at(4.1, loop: 0)
        #expect(simulation.live.advance() == nil, "not for all loops")
        simulation.at(4.2, loop: 1)
        let result = try #require(simulation.live.advance())
        #expect(result.abortedAtNanoseconds == 4_000_000_000)
        #expect(result.outcome == .failed && result.value == Quantity(0.1, .share) && result.sampleCount == 20)
        // Whatever comes while the run ends: it has failed.
        sessions(4.5, failed: false)
        let judged = simulation.finish(at: 4.6, abortedBy: result).judge()[0]
        #expect(judged.outcome == .failed && judged.abortedAtNanoseconds == 4_000_000_000)
    }

    @Test(arguments: [
        ("count >= 100", false), ("count > 100", false), ("count == 100", false), ("count < 10", true),
        ("count == 5", true), ("rate > 100/s", true),
    ])
    func waitsForWhatCanStillCome(_ condition: String, _ aborts: Bool) throws {
        let simulation = Simulation([try threshold("ws_msgs_sent", condition, abort: true)])
        for loop in 0..<2 {
            simulation.at(0.5, loop: loop) { $0.send(10) }
            simulation.at(1.5, loop: loop)
        }
        #expect((simulation.live.advance() != nil) == aborts)
    }

    @Test func waitsForAfterAndForFullWindows() throws {
        let simulation = Simulation([
            try threshold("ws_ping", "max < 100ms", after: 2, abort: true),
            try threshold("ws_ping", "max < 400ms", after: 3, window: 2, abort: true),
        ])
        var aborted: [ThresholdResult?] = []
        for second in 0..<8 {
            for loop in 0..<2 {
                simulation.at(Double(second) + 0.1, loop: loop) { $0.ping(second == 4 ? 500 : second < 2 ? 900 : 10) }
            }
            aborted.append(simulation.live.advance())
        }
        #expect(aborted.map { $0 != nil } == [false, false, false, false, false, true, true, true])
        #expect(aborted[5]?.abortedAtNanoseconds == 5_000_000_000)
    }
}

@Suite struct TimeSeriesTests {
    private let main: TagSet = ["scenario": "main"]

    @Test func countsBySecondAndScenario() throws {
        let simulation = Simulation([try threshold("ws_msgs_sent{group=a}", "count > 0", after: 1)], loops: 3)
        for loop in 0..<3 {
            simulation.at(0.1, loop: loop) { recorder in
                recorder.send(1, main.with("group", "a"))
                recorder.send(10, main.with("group", "b"))
                recorder.ping(2)
            }
            simulation.at(1.999, loop: loop) { $0.send(100, ["scenario": "other"]) }
            simulation.at(4.5, loop: loop) { $0.send(1000, main) }
        }
        let series = simulation.finish(at: 5).series
        #expect(series.stepNanoseconds == 1_000_000_000)
        #expect(series.points(of: SeriesKey(.wsMsgsSent, main)) == [33, 0, 0, 0, 3000].map { .counter($0) })
        #expect(series.points(of: SeriesKey(.wsMsgsSent, ["scenario": "other"])) == [.counter(0), .counter(300)])
        #expect(series.points(of: SeriesKey(.wsMsgsSent, ["group": "a"])) == [.counter(3)])
        // Nobody watches it: no percentiles.
        #expect(series.points(of: SeriesKey(.wsPing, main)) == [.trend(count: 3, average: 2e6, percentiles: [])])
    }

    @Test func halvesItsResolutionAndLosesNothing() throws {
        let simulation = Simulation(loops: 2)
        let seconds = 7240
        for second in 0..<seconds {
            for loop in 0..<2 {
                simulation.at(Double(second) + 0.5, loop: loop) { recorder in
                    recorder.send(second % 7)
                    recorder.record(
                        recorder.series(.wsAwait, main.with("name", "a")), nanoseconds: Int64(second) * 1000)
                }
            }
            if second % 100 == 0 { #expect(simulation.live.advance() == nil) }
        }
        let series = simulation.finish(at: Double(seconds)).series
        #expect(series.stepNanoseconds == 4_000_000_000)
        #expect(series.count == 1810)
        let sent = series.points(of: SeriesKey(.wsMsgsSent, main))
        let steps: [TimeSeries.Point?] = stride(from: 0, to: seconds, by: 4).map { (start: Int) in
            .counter(Double(2 * (start..<start + 4).reduce(0) { $0 + $1 % 7 }))
        }
        #expect(sent == steps)
        for (step, point) in series.points(of: SeriesKey(.wsAwait, main.with("name", "a"))).enumerated() {
            guard case .trend(8, let average, let percentiles) = point else { return #expect(Bool(false), "\(step)") }
            #expect(average == (Double(step) * 4 + 1.5) * 1000)
            let last = Double(step * 4 + 3) * 1000
            #expect(percentiles.allSatisfy { abs(Double($0) - last) <= last / 100 }, "step \(step)")
        }
    }

    @Test func partsOfARunAddUp() throws {
        func run(_ loops: Range<Int>, seconds: Int) throws -> RunMeasurements {
            let simulation = Simulation(
                [
                    try threshold("ws_ping", "p(95) < 20ms", window: 5),
                    try threshold("ws_ping", "avg < 1s", after: 3.5),
                ],
                loops: loops.count)
            for second in 0..<seconds {
                for (index, loop) in loops.enumerated() {
                    simulation.at(Double(second) + 0.25 * Double(loop), loop: index) { recorder in
                        recorder.send(loop + second)
                        recorder.ping(Int64(1 + (second * 7 + loop * 3) % 30))
                    }
                }
                if second % 10 == 0 { _ = simulation.live.advance() }
            }
            return simulation.finish(at: 4000)
        }
        let whole = try run(0..<3, seconds: 4000)
        var merged = try run(0..<2, seconds: 4000)
        let isMerged = merged.merge(try run(2..<3, seconds: 4000))
        #expect(isMerged)
        #expect(merged == whole)
        // A shard that ended early has finer steps.
        var early = try run(0..<1, seconds: 100)
        #expect(early.series.stepNanoseconds == 1_000_000_000)
        let isEarlyMerged = early.merge(try run(1..<2, seconds: 4000))
        #expect(isEarlyMerged)
        #expect(early.series.stepNanoseconds == 2_000_000_000)
    }
}
