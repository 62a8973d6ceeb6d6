import LoadMetrics
import Testing

/// A metric, its tags and one sample: what a loop would count.
private struct Sample {
    let metric: MetricDefinition
    let tags: TagSet
    let value: Int64

    func count(in recorder: MetricsRecorder) {
        let series = recorder.series(metric, tags)
        switch metric.kind {
        case .counter: recorder.add(series, Int(value))
        case .rate: value.isMultiple(of: 3) ? recorder.fail(series) : recorder.pass(series)
        case .trend: recorder.record(series, nanoseconds: value)
        case .gauge: break
        }
    }

    /// Thousand samples of three metrics in six tag sets each.
    static let many: [Sample] = (0..<1000).map { (index: Int) -> Sample in
        let metrics: [MetricDefinition] = [.wsMsgsSent, .checks, .wsPing]
        let tags: TagSet = ["scenario": ["a", "b"][index % 2], "group": ["x", "y", "z"][index / 7 % 3]]
        return Sample(metric: metrics[index % 3], tags: tags, value: Int64(index * index % 77_777 + index))
    }
}

@Test func mergedRecordersAreOneRecorder() throws {
    let single = MetricsRecorder()
    let loops = (0..<3).map { _ in MetricsRecorder() }
    for (index, sample) in Sample.many.enumerated() {
        sample.count(in: single)
        sample.count(in: loops[index / 11 % 3])
    }
    let one = single.snapshot()
    let merged = MetricsSnapshot(merging: loops.map { $0.snapshot() })
    let selectors: [TagSet] = [[:], ["scenario": "a"], ["group": "z"], ["scenario": "b", "group": "x"]]
    for selector in selectors {
        #expect(merged.counter(.wsMsgsSent, selector) == one.counter(.wsMsgsSent, selector))
        #expect(merged.rate(.checks, selector) == one.rate(.checks, selector))
        let (left, right) = (try #require(merged.trend(.wsPing, selector)), try #require(one.trend(.wsPing, selector)))
        #expect((left.count, left.sum, left.min, left.max) == (right.count, right.sum, right.min, right.max))
        for percent in [1, 10, 50, 90, 99, 99.9] { #expect(left.percentile(percent) == right.percentile(percent)) }
    }
}

@Test func selectorsTakeEverySeriesThatHasTheirTags() {
    let recorder = MetricsRecorder()
    for sample in Sample.many { sample.count(in: recorder) }
    let snapshot = recorder.snapshot()
    for selector: TagSet in [[:], ["scenario": "b"], ["group": "y", "scenario": "a"], ["group": "none"]] {
        let expected = Sample.many.filter { $0.metric == .wsMsgsSent && $0.tags.matches(selector) }.map(\.value)
        #expect(snapshot.counter(.wsMsgsSent, selector) == expected.reduce(0, +))
    }
    #expect(snapshot.rate(.checks, ["group": "none"]) == nil)
    #expect(snapshot.trend(.wsPing, ["group": "none"]) == nil)
    #expect(snapshot.counter(.dataSent) == 0)
}

@Test func aSnapshotStaysAsItWas() throws {
    let recorder = MetricsRecorder()
    let series = recorder.series(.wsPing, [:])
    recorder.record(series, nanoseconds: 10)
    let before = recorder.snapshot()
    recorder.record(series, nanoseconds: 1000)
    #expect(try #require(before.trend(.wsPing)).percentile(99) == 10)
    #expect(try #require(recorder.snapshot().trend(.wsPing)).percentile(99) == 1000)
}

@Test func tagSetsBeyondTheLimitAreFolded() {
    let recorder = MetricsRecorder()
    let total = MetricsRecorder.tagSetLimit + 25
    for index in 0..<total { recorder.add(recorder.series(.wsErrors, ["kind": "\(index)"]), 1) }
    // A tag set that is known stays known, also for other metrics.
    recorder.pass(recorder.series(.checks, ["kind": "7"]))
    let snapshot = recorder.snapshot()
    #expect(snapshot.folded.inWords == ["ws_errors (by its tag 'kind')"])
    #expect(snapshot.counter(.wsErrors) == Int64(total))
    #expect(snapshot.counter(.wsErrors, .overflow) == 25)
    #expect(snapshot.counter(.wsErrors, ["kind": "9999"]) == 1)
    #expect(snapshot.rate(.checks, ["kind": "7"])?.passes == 1)
    #expect(MetricsRecorder().snapshot().folded.isEmpty)
}

/// Loops that keep within the limit each, and know more together.
@Test func loopsTogetherKeepWithinTheLimit() {
    let each = MetricsRecorder.tagSetLimit * 3 / 5
    let loops = (0..<2).map { loop in
        let recorder = MetricsRecorder()
        for index in 0..<each {
            recorder.add(recorder.series(.wsErrors, ["kind": "\(loop * each + index)", "scenario": "a"]), 1)
        }
        return recorder.snapshot()
    }
    let merged = MetricsSnapshot(merging: loops)
    #expect(loops.map(\.folded.isEmpty) == [true, true])
    #expect(merged.folded.inWords == ["ws_errors (by its tag 'kind')"])
    #expect(merged.counter(.wsErrors) == Int64(2 * each))
    #expect(merged.counter(.wsErrors, .overflow) == Int64(2 * each - MetricsRecorder.tagSetLimit))
    #expect(MetricsSnapshot(merging: loops.reversed()) == merged)
}

@Test func tagsCompareAsBytes() {
    // One composed, one decomposed: the same for people, two tags here.
    #expect(Tag("name", "caf\u{E9}") != Tag("name", "cafe\u{301}"))
    #expect(TagSet([Tag("b", "1"), Tag("a", "2"), Tag("b", "3")]) == ["a": "2", "b": "3"])
    #expect((["b": "1", "a": "x"] as TagSet).description == "{a=x, b=1}")
    #expect((["a": #"1, "2" \ }"#] as TagSet).description == #"{a="1, \"2\" \\ }"}"#)
    #expect(Tag("ab", "c").hashValue != Tag("a", "bc").hashValue)
}

@Test func gaugesKeepTheExtremesOfTheirSum() {
    let total = SharedGauge(.wsOpen)
    let parts = ["a", "b"].map { SharedGauge(.wsOpen, ["scenario": $0], partOf: total) }
    let idle = SharedGauge(.vus)
    parts[0].adjust(by: 3)
    parts[1].adjust(by: 4)
    parts[0].adjust(by: -2)
    parts[1].adjust(by: -4)
    let snapshot = MetricsSnapshot(gauges: parts + [total, idle])
    #expect(snapshot.gauge(.wsOpen) == GaugeData(min: 1, max: 7, last: 1, count: 4))
    #expect(snapshot.gauge(.wsOpen, ["scenario": "a"]) == GaugeData(min: 1, max: 3, last: 1, count: 2))
    #expect(snapshot.gauge(.wsOpen, ["scenario": "c"]) == nil)
    #expect(snapshot.gauge(.vus) == nil)
}
