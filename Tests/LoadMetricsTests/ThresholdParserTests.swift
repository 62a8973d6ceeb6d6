import Diagnostics
import LoadMetrics
import Testing

private let parser = ThresholdParser(
    planTags: ["team"],
    tagValues: [
        "kind": .words(["dns"]), "by": .words(["plan", "peer"]), "code": .numbers(1000...4999, example: "1006"),
    ])

/// The threshold of a key and a condition, or the code, place and help of what is wrong with either.
private func parse(_ key: LocatedText, _ condition: LocatedText) -> (Threshold?, [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let threshold = parser.selector(key, into: &diagnostics).flatMap {
        parser.threshold(condition, on: $0, into: &diagnostics)
    }
    return (threshold, diagnostics)
}

private func parse(_ key: String, _ condition: String) -> (Threshold?, [Diagnostic]) {
    parse(MarkedText(key).located, MarkedText(condition).located)
}

private typealias Reading = (
    condition: String, metric: String, Threshold.Aggregate, Threshold.Comparison, Double, Quantity.Unit
)
private let readings: [Reading] = [
    ("p(99) < 50ms", "ws_connecting", .percentile(99), .less, 50e6, .nanoseconds),
    ("p(99.9)<=1m30s", "ws_connecting", .percentile(99.9), .lessOrEqual, 90e9, .nanoseconds),
    (" p( 100 ) <1.5s ", "ws_connecting", .percentile(100), .less, 1.5e9, .nanoseconds),
    ("avg > 100us", "ws_ping", .average, .greater, 100e3, .nanoseconds),
    ("med < 100µs", "ws_ping", .median, .less, 100e3, .nanoseconds),
    ("min>=5ns", "ws_ping", .minimum, .greaterOrEqual, 5, .nanoseconds),
    ("max < 1h", "ws_ping", .maximum, .less, 3600e9, .nanoseconds),
    ("count != 0", "ws_ping", .count, .notEqual, 0, .count),
    ("rate > 99%", "checks", .rate, .greater, 0.99, .share),
    ("rate > 99.9%", "checks", .rate, .greater, 0.999, .share),
    ("rate == 1", "checks", .rate, .equal, 1, .share),
    ("rate<0.01", "ws_session_failed", .rate, .less, 0.01, .share),
    ("count == 0", "ws_errors", .count, .equal, 0, .count),
    ("rate > 1000/s", "ws_msgs_sent", .rate, .greater, 1000, .perSecond),
    ("rate > 6000/m", "ws_msgs_sent", .rate, .greater, 100, .perSecond),
    ("count < 10MiB", "data_sent", .count, .less, 10_485_760, .bytes),
    ("rate < 1.5MB/s", "data_received", .rate, .less, 1.5e6, .bytesPerSecond),
    ("max < 100", "ws_open", .maximum, .less, 100, .count),
    ("last == 0", "vus", .last, .equal, 0, .count),
    ("max == 1e300", "ws_open", .maximum, .equal, 1e300, .count),
    ("count > 9e12", "ws_msgs_sent", .count, .greater, 9e12, .count),
    ("rate > 1.5E+3/s", "ws_msgs_sent", .rate, .greater, 1500, .perSecond),
    ("p(95) < 1e-3 s", "ws_ping", .percentile(95), .less, 1e6, .nanoseconds),
    ("rate > 999e-1%", "checks", .rate, .greater, 0.999, .share),
]

@Test func readsConditions() throws {
    for reading in readings {
        let (threshold, diagnostics) = parse(reading.metric, reading.condition)
        #expect(diagnostics.isEmpty, "\(reading.condition)")
        guard let threshold else { continue }
        #expect(threshold.selector.description == reading.metric)
        #expect(threshold.aggregate == reading.2, "\(reading.condition)")
        #expect(threshold.comparison == reading.3, "\(reading.condition)")
        #expect(threshold.limit == Quantity(reading.4, reading.5), "\(reading.condition)")
        #expect(threshold.condition.value == reading.condition)
    }
}

@Test(
    arguments: [
        ("checks", [:]),
        ("checks{check=status is 101}", ["check": "status is 101"]),
        ("checks { scenario = main , check= price > 0 }", ["scenario": "main", "check": "price > 0"]),
        (#"checks{check="a, {b}", team=x}"#, ["check": "a, {b}", "team": "x"]),
        (#"checks{check="say \"hi\" \\"}"#, ["check": #"say "hi" \"#]),
        ("checks{group=größe}", ["group": "größe"]),
    ] as [(String, TagSet)])
func readsSelectors(_ key: String, _ tags: TagSet) throws {
    var diagnostics: [Diagnostic] = []
    let selector = parser.selector(MarkedText(key).located, into: &diagnostics)
    #expect(diagnostics.isEmpty)
    #expect(selector?.value.metric == .checks)
    #expect(selector?.value.tags == tags)
}

private typealias Fault = (key: String, condition: String, code: DiagnosticCode, message: String, help: String)
private let faults: [Fault] = [
    (
        "«ws_conecting»", "p(95) < 1s", .unknownMetric, "there is no metric 'ws_conecting'",
        "did you mean 'ws_connecting'?"
    ),
    ("«http_req_duration»{a=b}", "p(95) < 1s", .unknownMetric, "there is no metric 'http_req_duration'", ""),
    ("«»", "rate > 1%", .selectorSyntax, "the name of a metric is missing", ""),
    ("checks{check=a«»", "rate > 1%", .selectorSyntax, "'}' is missing", ""),
    ("checks «check=a»", "rate > 1%", .selectorSyntax, "unexpected 'check=a'", ""),
    ("checks{check=a} «b»", "rate > 1%", .selectorSyntax, "unexpected 'b'", ""),
    ("checks{«»}", "rate > 1%", .selectorSyntax, "the name of a tag is missing", ""),
    ("checks{check=a,«»}", "rate > 1%", .selectorSyntax, "the name of a tag is missing", ""),
    ("checks{check«:»a}", "rate > 1%", .selectorSyntax, "a tag is written with '=', not ':'", "write check=a"),
    (
        "checks{check=\"a\" «group=\"b\"}»", "rate > 1%", .selectorSyntax,
        "',' or '}' is missing before 'group=\"b\"}'", ""
    ),
    ("checks{check«,»a=b}", "rate > 1%", .selectorSyntax, "'=' is missing", ""),
    ("checks«[check=a]»", "rate > 1%", .selectorSyntax, "unexpected '[check=a]'", ""),
    (
        "«http_req_failed»", "rate < 1%", .unknownMetric, "there is no metric 'http_req_failed'",
        "did you mean 'ws_session_failed'?"
    ),
    (
        "«latency»", "max < 1s", .unknownMetric, "there is no metric 'latency'",
        """
        the metrics are:
        counters: ws_sessions, ws_msgs_sent, ws_msgs_received, ws_errors, ws_closes, ws_inbox_dropped, iterations, \
        dropped_iterations, data_sent, data_received, ws_payload_sent, \
        ws_payload_received
        rates: checks, ws_session_failed
        gauges: vus, vus_max, ws_open
        trends: ws_connecting, ws_dns, ws_tcp, ws_tls, ws_upgrade, ws_session_duration, ws_ping, ws_await, \
        iteration_duration, timer_lag
        """
    ),
    (
        "ws_closes{code=«1000 by=peer»}", "count == 0", .unknownTagValue,
        "no sample has the value '1000 by=peer' of 'code'", "a ',' stands between two tags: code=1000, by=peer"
    ),
    ("checks{check=«»}", "rate > 1%", .selectorSyntax, "the value of a tag is missing", ""),
    ("checks{check=«\"a}»", "rate > 1%", .selectorSyntax, "the closing quote is missing", ""),
    ("checks{check=\"«\\n»\"}", "rate > 1%", .selectorSyntax, "only \\\" and \\\\ are escapes", ""),
    ("checks{check=a, «check»=b}", "rate > 1%", .selectorSyntax, "tag 'check' stands here twice", ""),
    (
        "checks{«chekc»=a}", "rate > 1%", .unknownTag, "samples of checks have no tag 'chekc'",
        "did you mean 'check'?"
    ),
    (
        "checks{«name»=a}", "rate > 1%", .unknownTag, "samples of checks have no tag 'name'",
        "their tags are check, scenario, group, url, team"
    ),
    ("checks", "«»", .thresholdSyntax, "the condition is empty", ""),
    ("checks", "«> 1%»", .thresholdSyntax, "an aggregate is missing before '> 1%'", ""),
    ("ws_ping", "«200ms > p(95)»", .thresholdSyntax, "the aggregate stands first", "write p(95) < 200ms"),
    (
        "ws_ping", "«100µs <= min < 1s»", .thresholdSyntax, "the aggregate stands first",
        "write a list, with one condition in each entry:\n- min >= 100µs\n- min < 1s"
    ),
    ("ws_ping", "«1s < 2s»", .thresholdSyntax, "an aggregate is missing before '1s < 2s'", ""),
    (
        "ws_ping", " «p(95) < 200ms, max < 1s» ", .thresholdSyntax, "a threshold is one condition, this is several",
        "write a list, with one condition in each entry:\n- p(95) < 200ms\n- max < 1s"
    ),
    (
        "ws_ping", "«max > 1s && min < 3s AND avg<2s»", .thresholdSyntax,
        "a threshold is one condition, this is several",
        "write a list, with one condition in each entry:\n- max > 1s\n- min < 3s\n- avg<2s"
    ),
    (
        "ws_ping", "«p(90), p(95) < 1s»", .thresholdSyntax, "a threshold is one condition, this is several",
        "write a list, with one condition in each entry:\n- p(95) < 200ms"
    ),
    (
        "ws_errors", "«count == 0 or rate < 1/s»", .thresholdSyntax,
        "a threshold is one condition, not one of several",
        "keep one of them: there is no 'or', and all conditions of a list have to hold"
    ),
    (
        "ws_ping", "«ws_ping».max < 1s", .thresholdSyntax, "'ws_ping' stands before the ':' already",
        "a threshold is 'aggregate operator value': p(95) < 200ms"
    ),
    ("ws_ping", "max«(ws_ping)» < 1s", .thresholdSyntax, "only percentiles have parentheses", "write 'max' alone"),
    ("checks", "rate«»", .thresholdSyntax, "an operator is missing", "the operators are < <= > >= == !="),
    ("checks", "rate «=» 1", .thresholdSyntax, "'=' is no operator", "equality is written '=='"),
    ("checks", "rate «=<» 1", .thresholdSyntax, "'=<' is no operator", "did you mean '<='?"),
    ("checks", "rate «=>» 1", .thresholdSyntax, "'=>' is no operator", "did you mean '>='?"),
    ("checks", "rate «is» 1", .thresholdSyntax, "'is' is no operator", "use =="),
    ("checks", "rate «≥» 99%", .thresholdSyntax, "'≥' is no operator", "use >="),
    ("checks", "rate «===» 1", .thresholdSyntax, "'===' is no operator", "equality is written '=='"),
    ("checks", "rate «<>» 1", .thresholdSyntax, "'<>' is no operator", "inequality is written '!='"),
    ("checks", "rate «99%»", .thresholdSyntax, "an operator is missing before '99%'", ""),
    ("ws_errors", "«0»", .thresholdSyntax, "an aggregate is missing before '0'", ""),
    ("ws_errors{kind=«resett»}", "count == 0", .unknownTagValue, "no sample has the value 'resett' of 'kind'", ""),
    (
        "ws_closes{by=«\"peeer\"»}", "count == 0", .unknownTagValue, "no sample has the value 'peeer' of 'by'",
        "did you mean 'peer'?"
    ),
    (
        "ws_closes{code=«01000»}", "count == 0", .unknownTagValue, "no sample has the value '01000' of 'code'",
        "it is a number from 1000 to 4999, such as 1006"
    ),
    ("checks", "rate >«»", .thresholdSyntax, "the value is missing", ""),
    ("ws_ping", "«p» < 1s", .thresholdSyntax, "which percentile is missing", ""),
    ("ws_ping", "«p(95 »< 1s", .thresholdSyntax, "')' is missing", ""),
    ("ws_ping", "p(«0») < 1s", .thresholdNumber, "'0' is no percentile", ""),
    ("ws_ping", "p(«101») < 1s", .thresholdNumber, "'101' is no percentile", ""),
    ("ws_ping", "p(«») < 1s", .thresholdNumber, "'' is no percentile", ""),
    (
        "ws_ping", "«p95» < 1s", .unknownAggregate, "ws_ping has no 'p95'",
        "did you mean 'p(95)'?"
    ),
    ("ws_ping", "«p99.9» < 1s", .unknownAggregate, "ws_ping has no 'p99.9'", "did you mean 'p(99.9)'?"),
    ("ws_ping", "«average» < 1s", .unknownAggregate, "ws_ping has no 'average'", "did you mean 'avg'?"),
    ("ws_ping", "«Max» < 1s", .unknownAggregate, "ws_ping has no 'Max'", "did you mean 'max'?"),
    ("vus", "«value» < 1", .unknownAggregate, "vus has no 'value'", "did you mean 'last'?"),
    ("checks", "«p»(95) < 1s", .unknownAggregate, "checks has no 'p'", "a rate has rate"),
    ("ws_errors", "«max» < 1", .unknownAggregate, "ws_errors has no 'max'", "a counter has count and rate"),
    ("vus", "«avg» < 1", .unknownAggregate, "vus has no 'avg'", "a gauge has min, max and last"),
    (
        "ws_ping", "p(95) < «200»", .thresholdWithoutUnit, "'200' has no unit",
        "a time has one of ns, us, ms, s, m, h: 200ms"
    ),
    ("ws_sessions", "rate > «100»", .thresholdWithoutUnit, "'100' has no unit", "a rate has one of /s, /m, /h: 100/s"),
    (
        "data_sent", "count < «100»", .thresholdWithoutUnit, "'100' has no unit",
        "a size has one of B, KB, MB, GB, KiB, MiB, GiB: 100B"
    ),
    (
        "ws_ping", "p(95) < «200%»", .thresholdUnit, "'%' does not fit a percentile of ws_ping",
        "a time has one of ns, us, ms, s, m, h: 200ms"
    ),
    ("ws_ping", "p(95) < «200 sec»", .thresholdUnit, "'sec' is not a unit of ws_ping", "did you mean '200s'?"),
    (
        "ws_ping", "p(95) < «200 parsecs»", .thresholdUnit, "'parsecs' is not a unit of ws_ping",
        "a time has one of ns, us, ms, s, m, h: 200ms"
    ),
    ("data_sent", "count < «10mb»", .thresholdUnit, "'mb' is not a unit of data_sent", "did you mean '10MB'?"),
    (
        "ws_ping", "p(95) < 200ms «abort»", .thresholdSyntax, "unexpected 'abort'",
        "a threshold ends with its value: p(95) < 200ms"
    ),
    (
        "checks", "rate > 99% «for 5m»", .thresholdSyntax, "unexpected 'for 5m'",
        "a threshold ends with its value: rate > 99%"
    ),
    ("ws_ping", "max < «1,5s»", .thresholdNumber, "'1,5s' is not a time", "did you mean '1.5s'?"),
    ("ws_ping", "max < «1m 30s»", .thresholdNumber, "'1m 30s' is not a time", "did you mean '1m30s'?"),
    (
        "ws_msgs_sent", "rate > «1,000/sec»", .thresholdNumber, "'1,000/sec' is not a rate",
        "did you mean '1000/s'?"
    ),
    ("data_sent", "rate > «1_000 KiB/s»", .thresholdNumber, "'1_000 KiB/s' is not a rate of data", ""),
    ("ws_errors", "count < «1,000»", .thresholdNumber, "'1,000' is not a number", "did you mean '1000'?"),
    ("checks", "rate > «99 percent»", .thresholdUnit, "'percent' is not a unit of checks", "did you mean '99%'?"),
    ("checks", "rate > «0,99»", .thresholdNumber, "'0,99' is not a share", "did you mean '0.99'?"),
    (
        "ws_errors", "count < «5ms»", .thresholdUnit, "'ms' does not fit count of ws_errors",
        "a number without a unit: 100"
    ),
    ("checks", "rate > «5/s»", .thresholdUnit, "'/s' does not fit rate of checks", ""),
    ("checks", "rate > «99»", .thresholdNumber, "'99' is out of range", "a share is at most 100% (or 1): 99%"),
    ("checks", "rate > «101%»", .thresholdNumber, "'101%' is out of range", "a share is at most 100% (or 1)"),
    (
        "checks", "rate > «many»", .thresholdNumber, "'many' is not a share",
        "a share is a percentage or a number from 0 to 1: 99%"
    ),
    ("checks", "rate > «-1»", .thresholdNumber, "'-1' is negative", "a value is at least 0: 99%"),
    ("checks", "rate > «1.2.3»", .thresholdNumber, "'1.2.3' is not a share", ""),
    ("ws_ping", "max < «1s2m»", .thresholdNumber, "'1s2m' is not a time", ""),
    ("ws_ping", "max < «1s 2»", .thresholdNumber, "'1s 2' is not a time", ""),
    ("ws_open", "max < «1e400»", .thresholdNumber, "'1e400' is not a number", ""),
    ("ws_open", "max < «1e10000»", .thresholdNumber, "'1e10000' is not a number", ""),
    ("ws_open", "max < «1e»", .thresholdUnit, "'e' is not a unit of ws_open", "a number without a unit: 100"),
    ("checks", "rate > «1e1»", .thresholdNumber, "'1e1' is out of range", ""),
]

@Test func explainsFaults() throws {
    for fault in faults {
        let (threshold, diagnostics) = parse(fault.key, fault.condition)
        // A value that a tag never has leaves the condition readable.
        #expect((threshold == nil) == (fault.code != .unknownTagValue))
        #expect(diagnostics.count == 1, "\(fault.key): \(fault.condition)")
        guard let diagnostic = diagnostics.first else { continue }
        #expect(diagnostic.code == fault.code, "\(fault.key): \(fault.condition)")
        #expect(diagnostic.message.text == fault.message)
        #expect(fault.help.isEmpty || diagnostic.help == fault.help)
        let place = MarkedText(fault.key).place ?? MarkedText(fault.condition).place
        #expect(diagnostic.span == place, "\(fault.key): \(fault.condition)")
    }
}

@Test func keepsPlacesInThePlan() throws {
    let plan = SourceFile(name: "plan.yaml", bytes: Array("  ws_ping: \"p(95) < 20%\"".utf8))
    // The text of the quoted scalar starts one byte after its span.
    let runs = [LocatedText.Run(textOffset: 0, sourceOffset: 12)]
    let condition = LocatedText("p(95) < 20%", at: SourceSpan(11..<24), runs: runs)
    let (_, diagnostics) = parse(LocatedText("ws_ping", at: SourceSpan(2..<9)), condition)
    #expect(diagnostics.map { plan.text(of: $0.span) } == ["20%"])
    let (threshold, _) = parse(
        LocatedText("ws_ping", at: SourceSpan(2..<9)), LocatedText("p(95) < 20s", at: SourceSpan(11..<24), runs: runs))
    #expect(threshold?.selectorSpan == SourceSpan(2..<9))
    #expect(threshold?.condition.span == SourceSpan(11..<24))
}
