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

/// The run itself judges any number of windows; a file has so many, and is not taken for a run that had no more.
@Test func windowsBeyondThoseThatAreKeptAreNotJudgedAnew() throws {
    for count in [ThresholdLedger.windowLimit, ThresholdLedger.windowLimit + 1] {
        var rule = try threshold("ws_msgs_sent", "count < 5")
        rule.windowNanoseconds = 1_000_000_000
        let live = LiveMetrics(thresholds: [rule], loopCount: 1, startNanoseconds: 0)
        let recorder = MetricsRecorder(live.order(forLoop: 0))
        recorder.advance(toNanoseconds: Int64(count) * 1_000_000_000)
        recorder.finish()
        let (series, ledgers) = live.finish(durationNanoseconds: Int64(count) * 1_000_000_000)
        let measured = RunMeasurements(
            thresholds: [rule], snapshot: recorder.snapshot(), series: series, ledgers: ledgers,
            durationNanoseconds: Int64(count) * 1_000_000_000)
        #expect(measured.judge().map(\.outcome) == [.passed])
        #expect(measured.judge().map(\.windowCount) == [count])
        let isKept = count == ThresholdLedger.windowLimit
        #expect(try decoded(encoded(measured)).judge().map(\.outcome) == [isKept ? .passed : .noSamples])
    }
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
