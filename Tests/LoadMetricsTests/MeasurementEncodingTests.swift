import JSON
import LoadMetrics
import Testing

/// Measurements with everything in them that there can be.
private func everything(loops: Int = 2, offset: Int = 0) throws -> RunMeasurements {
    let price = MetricDefinition.custom("price", .trend)
    let depth = MetricDefinition.custom("depth", .gauge)
    let amount = MetricDefinition.custom("amount", .counter)
    var thresholds = [
        try threshold("ws_ping", "p(95) < 20ms"), try threshold("ws_ping", "p(95) < 20ms"),
        try threshold("ws_msgs_sent{group=a}", "rate > 1/s"), try threshold("checks{scenario=main}", "rate > 99%"),
        try threshold("ws_open", "max < 100"), try threshold("ws_errors", "count == 0"),
    ]
    thresholds[1].windowNanoseconds = 2_000_000_000
    thresholds[2].afterNanoseconds = 1_500_000_000
    thresholds[3].windowNanoseconds = 500_000_000
    thresholds[4].windowNanoseconds = 1_000_000_000
    thresholds[5].abortsRun = true
    let open = SharedGauge(.wsOpen)
    let live = LiveMetrics(thresholds: thresholds, loopCount: loops, startNanoseconds: 50, gauges: [open])
    let recorders = (0..<loops).map { MetricsRecorder(live.order(forLoop: $0)) }
    var aborted: ThresholdResult?
    for second in 0..<7 {
        for (index, recorder) in recorders.enumerated() {
            let time = 50 + Int64(second) * 1_000_000_000
            recorder.advance(toNanoseconds: time)
            let seed = second * 17 + (index + offset) * 29
            let main: TagSet = ["scenario": "main"]
            recorder.add(recorder.series(.wsMsgsSent, main.with("group", seed % 2 == 0 ? "a" : "b \"ü\"")), seed)
            recorder.record(recorder.series(.wsPing, main), nanoseconds: Int64(seed) * 700_001)
            recorder.record(recorder.series(.wsAwait, main.with("name", "a")), nanoseconds: Int64(seed))
            recorder.record(recorder.series(.iterationDuration, main), nanoseconds: Int64.max - Int64(seed))
            recorder.record(recorder.series(price, main), number: 9e12)
            recorder.record(recorder.series(price, main), number: Double(seed) / 7)
            recorder.set(recorder.series(depth, main), to: Double(seed) - 60.25, atNanoseconds: time)
            recorder.set(recorder.series(depth, ["scenario": "other"]), to: .infinity, atNanoseconds: time)
            recorder.add(recorder.series(amount, main), amount: Double(seed) * 0.25)
            recorder.pass(recorder.series(.checks, main.with("check", "x")))
            if second == 4 { recorder.add(recorder.series(.wsErrors, main.with("kind", "reset"))) }
            open.adjust(by: Int64(second % 3), atNanoseconds: time)
        }
        aborted = aborted ?? live.advance()
    }
    _ = recorders[0].series(.wsTLS, ["scenario": "main"])
    for recorder in recorders { recorder.finish() }
    let (series, ledgers) = live.finish(durationNanoseconds: 6_500_000_000)
    return RunMeasurements(
        thresholds: thresholds, metrics: [price, depth, amount],
        snapshot: MetricsSnapshot(merging: recorders.map { $0.snapshot() }, gauges: [open]), series: series,
        ledgers: ledgers, durationNanoseconds: 6_500_000_000, abortedBy: aborted)
}

private func encoded(_ measurements: RunMeasurements) -> [UInt8] {
    var writer = JSONWriter()
    measurements.write(to: &writer)
    return writer.bytes
}

private func decoded(_ bytes: [UInt8]) throws(MeasurementError) -> RunMeasurements {
    let result: Result<RunMeasurements, MeasurementError> = bytes.withUnsafeBytes { bytes in
        do throws(MeasurementError) { return .success(try RunMeasurements(json: bytes)) } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

@Test func measurementsComeBackAsTheyWere() throws {
    let measured = try everything()
    #expect(measured.abortedBy != nil)
    let bytes = encoded(measured)
    let again = try decoded(bytes)
    #expect(again.thresholds == measured.thresholds)
    #expect(again.snapshot == measured.snapshot)
    #expect(again.series == measured.series)
    #expect(again.ledgers == measured.ledgers)
    #expect(again == measured)
    #expect(again.judge() == measured.judge())
    #expect(encoded(again) == bytes)
    let nothing = RunMeasurements(snapshot: MetricsSnapshot(), durationNanoseconds: 0)
    #expect(try decoded(encoded(nothing)) == nothing)
}

@Test func shardsMergeFromTheirFilesAsFromMemory() throws {
    var memory = try everything(loops: 1)
    var isMerged = memory.merge(try everything(loops: 1, offset: 1))
    #expect(isMerged)
    var files = try decoded(encoded(try everything(loops: 1)))
    isMerged = files.merge(try decoded(encoded(try everything(loops: 1, offset: 1))))
    #expect(isMerged)
    #expect(files == memory)
    // And as one process with two loops, but for its shared gauge and for when the run ended.
    let whole = try everything(loops: 2)
    #expect(files.judge().map(\.value)[..<4] == whole.judge().map(\.value)[..<4])
    #expect(files.snapshot.trend(.wsPing) == whole.snapshot.trend(.wsPing))
    // Another run is no shard of this one.
    var other = memory
    other.thresholds.removeLast()
    isMerged = other.merge(memory)
    #expect(!isMerged)
}

/// A run of so many windows of one second, in each of which five messages are sent; in the last but one a hundred.
private func windows(_ count: Int, shard: Int = 0) throws -> RunMeasurements {
    var rule = try threshold("ws_msgs_sent", "count < 50")
    rule.windowNanoseconds = 1_000_000_000
    let live = LiveMetrics(thresholds: [rule], loopCount: 1, startNanoseconds: 0)
    let recorder = MetricsRecorder(live.order(forLoop: 0))
    let series = recorder.series(.wsMsgsSent, ["scenario": "main"])
    for window in 0..<count {
        recorder.advance(toNanoseconds: Int64(window) * 1_000_000_000)
        recorder.add(series, window == count - 2 ? 100 : 5)
        _ = live.advance()
    }
    recorder.advance(toNanoseconds: Int64(count) * 1_000_000_000)
    recorder.finish()
    let duration = Int64(count) * 1_000_000_000
    let (steps, ledgers) = live.finish(durationNanoseconds: duration)
    return RunMeasurements(
        thresholds: [rule], snapshot: recorder.snapshot(), series: steps, ledgers: ledgers,
        durationNanoseconds: duration)
}

/// The run itself judges any number of windows, and a file says how they came out. What it keeps of them is enough to judge
/// those of shards anew, up to a number; beyond it nobody knows, which is no success.
@Test func windowsBeyondThoseThatAreKeptAreJudgedOnce() throws {
    for count in [ThresholdLedger.windowLimit, ThresholdLedger.windowLimit + 1] {
        let measured = try windows(count)
        let result = try #require(measured.judge().first)
        #expect(result.outcome == .failed && result.windowCount == count && result.failedWindowCount == 1)
        #expect(result.worstWindow == Int64(count - 2) * 1_000_000_000..<Int64(count - 1) * 1_000_000_000)
        let bytes = encoded(measured)
        var again = try decoded(bytes)
        #expect(again == measured)
        #expect(again.judge() == [result])
        #expect(encoded(again) == bytes)

        let isMerged = again.merge(measured)
        #expect(isMerged)
        let merged = try decoded(encoded(again)).judge()
        #expect(merged == again.judge())
        if count == ThresholdLedger.windowLimit {
            #expect(merged.map(\.failedWindowCount) == [1] && merged.map(\.value) == [Quantity(200, .count)])
        } else {
            #expect(merged.map(\.outcome) == [.noSamples] && merged.map(\.windowCount) == [nil])
            #expect(merged[0].windowsInWords == "more windows than the results of shards keep")
        }
    }
}

/// What a threshold on failures keeps of the time before `after`, and behind its last full window.
@Test func failuresThatAreInNoWindowComeBack() throws {
    var rule = try threshold("checks", "rate > 50%")
    (rule.afterNanoseconds, rule.windowNanoseconds) = (1_000_000_000, 2_000_000_000)
    let live = LiveMetrics(thresholds: [rule], loopCount: 1, startNanoseconds: 0)
    let recorder = MetricsRecorder(live.order(forLoop: 0))
    let check = recorder.series(.checks, ["scenario": "main", "check": "x"])
    for second in 0..<4 {
        recorder.advance(toNanoseconds: Int64(second) * 1_000_000_000)
        if second % 3 == 0 { recorder.fail(check) } else { recorder.pass(check) }
    }
    recorder.finish()
    let (steps, ledgers) = live.finish(durationNanoseconds: 3_500_000_000)
    let measured = RunMeasurements(
        thresholds: [rule], snapshot: recorder.snapshot(), series: steps, ledgers: ledgers,
        durationNanoseconds: 3_500_000_000)
    #expect(measured.judge().map(\.failuresBefore) == [1])
    #expect(measured.judge().map(\.failedRestNanoseconds) == [3_000_000_000])
    let again = try decoded(encoded(measured))
    #expect(again == measured && again.judge() == measured.judge())
}

@Test func damagedMeasurementsAreRefusedWithTheirPlace() throws {
    let text = String(decoding: encoded(try everything()), as: UTF8.self)
    // What is replaced, by what, what is said, and how far behind its start the place is.
    let cases: [(String, String, String, Int)] = [
        (#""version":1"#, #""version":2"#, "measurements of version 2, which this version of wsplan does not know", 10),
        (#""version":1,"#, "", "'version' is missing", -1),
        (
            #""duration_ns":6500000000"#, #""duration_ns":-1"#,
            "a whole number from 0 to 3155760000000000000 should stand here", 14
        ),
        (#""metric":"checks""#, #""metric":"chicks""#, "unknown metric 'chicks'", 9),
        (#""rate":[14,0]"#, #""rate":[14]"#, "passes and fails should stand before here", 10),
        (#""rate":[14,0]"#, #""rate":"14""#, "an array should stand here", 7),
        (#""rate":[14,0]"#, #""counter":14"#, "'counter' is no data of checks", 10),
        (#""amount":"#, #""amount":true,"x":"#, "a number should stand here", 9),
        (#""kind":"trend""#, #""kind":"trond""#, "a metric of unknown kind or unit", 30),
        (#""step_ns":1000000000"#, #""step_ns":3000000000"#, "no time series has such a step", 10),
        (#""condition":"count == 0""#, #""condition":"count is 0""#, "'count is 0' is no condition on ws_errors", -2),
        (#""counter":"#, #""counter":9223372036854775808,"x":"#, "a whole number should stand here", 10),
        (#""buckets":["#, #""buckets":[5,1,5,1,"#, "buckets should stand in ascending order", 15),
        (
            #""window_ns":2000000000"#, #""window_ns":0"#,
            "a whole number from 1 to 3155760000000000000 should stand here", 12
        ),
        (
            #""aborted_by":{"threshold":5"#, #""aborted_by":{"threshold":6"#,
            "a whole number from 0 to 5 should stand here", 26
        ),
    ]
    for (old, new, problem, place) in cases {
        let range = try #require(text.firstRange(of: old), "\(old)")
        let start = text[..<range.lowerBound].utf8.count
        let broken = text.replacingCharacters(in: range, with: new)
        let error = #expect(throws: MeasurementError.self, "\(new)") { try decoded(Array(broken.utf8)) }
        #expect(error?.problem == problem)
        if place >= 0 { #expect(error?.offset == start + place, "\(new): \(problem)") }
    }
}

@Test func noDamageStopsTheProgram() throws {
    let bytes = encoded(try everything(loops: 1))
    for end in stride(from: 0, to: bytes.count, by: bytes.count / 211) {
        let error = #expect(throws: MeasurementError.self, "cut at \(end)") { try decoded(Array(bytes[..<end])) }
        #expect((error?.offset ?? .max) <= end)
    }
    let strangers = Array("0-9]}[{\",e:x".utf8)
    for place in stride(from: 0, to: bytes.count, by: bytes.count / 811) {
        var broken = bytes
        broken[place] = strangers[place % strangers.count]
        // Some are other measurements; what can be read can be judged and merged as well.
        guard var read = try? decoded(broken) else { continue }
        _ = read.judge()
        _ = read.merge(read)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
