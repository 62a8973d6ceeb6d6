import Diagnostics
import LoadMetrics
import Testing

/// A run as reports see it, and the plan that it was a run of.
struct Sample: CustomTestStringConvertible {
    /// Also the name of its golden files.
    let name: String
    let record: RunRecord
    let summary: RunSummary

    var plan: SourceFile { record.plan.source }

    var testDescription: String { name }

    static let all = [tiny, failingCheck, refused, mixedThresholds, couldNotRun, ownMetrics]

    // 2026-07-28T20:14:32Z
    fileprivate static let start: Int64 = 1_785_269_672_000

    /// One VU, one iteration, and everything went well.
    static let tiny: Sample = {
        var run = Run("echo", "echo.yaml", "name: echo\n", seconds: 0.0124)
        run.url = "${server.url}"
        run.sessions = SessionCounts(attempted: 1, opened: 1, met: 1)
        run.pass(check: "status is 101", 1)
        run.count(.wsSessions, 1)
        run.count(.wsMsgsSent, 1)
        run.count(.wsMsgsReceived, 1)
        run.count(.iterations, 1)
        run.count(.dataSent, 187)
        run.count(.dataReceived, 143)
        run.count(.wsCloses, 1, ["code": "1000", "by": "plan"])
        run.time(.wsConnecting, [812_000])
        run.time(.wsDNS, [0])
        run.time(.wsAwait, [93_400], ["name": "echo"])
        run.time(.wsSessionDuration, [2_004_000])
        run.time(.iterationDuration, [2_913_000])
        return run.sample("passing-tiny")
    }()

    /// Two scenarios; a check fails, and a peer writes what it likes.
    static let failingCheck: Sample = {
        let text = """
            name: prices
            scenarios:
              buyer:
                on_message:
                  - group: quotes
                    do:
                      - check:
                          price is positive: message.json.price > 0 && message.json.currency == "EUR"
            """
        var run = Run("prices", "plans/prices.yaml", text, seconds: 30.1)
        run.load = "10 VUs for 30s"
        run.otherScenarios = [
            ScenarioSummary(
                name: "watcher", url: "wss://example.test/feed", load: "50/s for 30s, at most 200 VUs", model: .open,
                vus: 200, targetPerSecond: 50, hasWork: false)
        ]
        run.scenario = "buyer"
        run.sessions = SessionCounts(attempted: 1530, opened: 1530, failed: 3, met: 1517)
        run.pass(check: "status is 101", 1530)
        run.pass(check: "price is positive", 1514, group: "quotes")
        run.pass(check: "price is positive", 0)
        run.pass(check: "the feed ends", 0)
        let condition = run.place(of: "message.json.price > 0 && message.json.currency == \"EUR\"")
        run.fail(
            check: "price is positive", 3, group: "quotes",
            FailureInstance(
                message: "", vuID: 3, iteration: 2, sinceStartNanoseconds: 1_240_000_000, span: condition,
                operands: [
                    .init("message.json.price > 0", "true"),
                    .init("message.json.price", "1", depth: 1),
                    .init("message.json.currency == \"EUR\"", "false"),
                    .init("message.json.currency", "EUR\u{1B}[2J\r\n\u{202E}x", depth: 1),
                ],
                transcript: .ofManyFrames))
        run.fail(
            check: "await a quote", 1,
            FailureInstance(
                message: "no message matched within 5s", vuID: 3, iteration: 2, sinceStartNanoseconds: 1_240_000_000,
                span: condition, transcript: .ofManyFrames))
        run.fail(
            check: "await a greeting", 1,
            FailureInstance(
                message: "no message came within 5s", vuID: 4, iteration: 0, sinceStartNanoseconds: 5_240_000_000,
                transcript: SessionTranscript(openNanoseconds: 5_000_000_000, frames: [])))
        run.count(.wsSessions, 1530)
        run.count(.wsMsgsReceived, 40_180)
        run.count(.dataReceived, 12_345_678)
        run.count(.wsCloses, 1527, ["code": "1001", "by": "load_end"])
        run.count(.wsCloses, 3, ["code": "1000", "by": "plan"])
        run.time(.wsConnecting, (1...1530).map { 700_000 + $0 * 1000 })
        run.time(.wsSessionDuration, (1...1530).map { $0 * 40_000_000 })
        run.notices = ["12 log lines beyond 1,000 a second were dropped"]
        return run.sample("failing-check")
    }()

    /// Nothing listens, or something that is no WebSocket server.
    static let refused: Sample = {
        var run = Run("no server", "<stdin>", "name: no server\n", seconds: 3.05)
        run.load = "3 VUs, 100 iterations"
        run.sessions = SessionCounts(attempted: 12, opened: 0, failed: 12)
        run.gaveUpAfter = 12
        run.fail(
            error: "refused", 11,
            FailureInstance(
                message: "connect to 127.0.0.1 port 9001: connection refused", vuID: 1, iteration: 0,
                sinceStartNanoseconds: 1_210_000))
        run.fail(
            error: "http_status", 1,
            FailureInstance(
                message: "expected status 101", vuID: 2, iteration: 0, sinceStartNanoseconds: 1_480_000,
                answer: .init(
                    status: 403, headers: [.init("content-type", "text/html"), .init("x-note", "a\u{7F}b\u{9B}2J")],
                    body: Array("<html>\n\t<h1>No\u{0}</h1>".utf8) + [0xFF] + Array(repeating: 0x2E, count: 400))))
        let refusal = FailureInstance(
            message: "connect to 127.0.0.1 port 9001: connection refused", vuID: 1, iteration: 0,
            sinceStartNanoseconds: 1_215_000)
        run.fail(check: "status is 101", 12, refusal)
        run.expectedErrors = ["dns"]
        run.fail(
            error: "dns", 2,
            FailureInstance(
                message: "no address for nowhere.test", vuID: 3, iteration: 1, sinceStartNanoseconds: 812))
        run.count(.wsSessions, 12)
        run.time(.wsTCP, [96_000, 104_000])
        return run.sample("refused")
    }()

    /// Thresholds that hold, that do not, that nothing was measured for, and one that replaces zero tolerance.
    static let mixedThresholds: Sample = {
        let text = "name: load\nthresholds: …\n"
        var run = Run("load", "load.yaml", text, seconds: 60)
        run.load = "10 VUs for 1m"
        run.sessions = SessionCounts(attempted: 200, opened: 200, failed: 2, met: 198)
        run.fail(
            error: "reset", 2,
            FailureInstance(
                message: "connection reset by peer", vuID: 7, iteration: 11, sinceStartNanoseconds: 42_000_000_000,
                transcript: SessionTranscript(
                    openNanoseconds: 1_200_000,
                    frames: [TranscriptFrame(.sent, .text, sinceNanoseconds: 40_000, "subscribe")])))
        run.count(.wsMsgsSent, 12_000)
        run.time(.wsPing, (1...200).map { $0 * 1_002_000 })
        run.time(.wsAwait, (1...2000).map { $0 * 25_000 }, ["name": "quote"])
        run.time(.wsAwait, (1...50).map { $0 * 25_000 }, ["name": "order, confirmed"])
        run.open(9)
        let calm = GeneratorSecond(
            due: 200, startedInTime: 200, lagNanoseconds: Array(repeating: 60_000, count: 100), busy: [0.25, 0.184])
        let disturbed = GeneratorSecond(
            due: 200, startedInTime: 180,
            lagNanoseconds: Array(repeating: 60_000, count: 96) + [40_000_000, 80_000_000, 120_000_000],
            busy: [0.21, 0.342])
        run.generator = GeneratorVerdict(
            of: Array(repeating: calm, count: 59) + [disturbed],
            HostPressure(steal: 0.002, throttledMicroseconds: 1_500, running: 0.2, waiting: 0.125))
        run.thresholds = [
            ("ws_session_failed", "rate < 5%"),
            ("ws_ping", "max < 200.4ms"),
            ("ws_ping", "p(99) < 300ms"),
            ("ws_await{name=\"order, confirmed\"}", "med <= 700us"),
            ("ws_tls", "p(95) < 100ms"),
            ("ws_msgs_sent", "rate > 250/s"),
            ("data_sent", "count == 0B"),
            ("ws_open", "max < 10"),
            ("ws_ping", "p(95) < 150ms"),
            ("checks", "rate > 99%"),
        ]
        run.changes[8] = { result in
            result.threshold.afterNanoseconds = 10_000_000_000
            result.threshold.windowNanoseconds = 15_000_000_000
            result.threshold.abortsRun = true
            (result.windowCount, result.failedWindowCount) = (3, 1)
            result.worstWindow = 40_000_000_000..<55_000_000_000
            result.abortedAtNanoseconds = 55_000_000_000
        }
        run.changes[9] = { result in
            result.threshold.windowNanoseconds = 120_000_000_000
            result.windowCount = 0
        }
        return run.sample("thresholds-mixed")
    }()
}

extension Sample {
    /// Metrics of the plan's own, and marks of which some came to nothing.
    static let ownMetrics: Sample = {
        var run = Run("orders", "orders.yaml", "name: orders\n", seconds: 10)
        run.load = "5 VUs for 10s"
        run.sessions = SessionCounts(attempted: 5, opened: 5, met: 5)
        run.own = [
            .custom("orders", .counter), .custom("spent", .counter), .custom("price", .trend),
            .custom("order_time", .trend, isTime: true), .custom("depth", .gauge), .custom("accepted", .rate),
        ]
        run.amount(run.own[0], 1000)
        run.amount(run.own[1], 12.5)
        run.numbers(run.own[2], (1...1000).map { Double($0) * 12.5 })
        run.time(run.own[3], (1...1000).map { $0 * 10_000 })
        run.levels(run.own[4], [3, -1.5, 2])
        run.rate(run.own[5], passes: 3, fails: 1)
        run.thresholds = [("price", "p(95) < 100"), ("depth", "min >= -2"), ("order_time", "p(99) < 20ms")]
        run.files = [.init(path: "orders.csv", digest: String(repeating: "fedcba9876543210", count: 4))]
        run.marks = [
            MarkSummary(
                key: "order-${id}", scenario: "main", set: 1010, measured: 1000, replaced: 1, neverMeasured: 4, cut: 5),
            MarkSummary(
                key: "lo\u{1B}gin", scenario: "main", set: 5, measured: 5, replaced: 0, neverMeasured: 0, cut: 0),
        ]
        run.missedMeasures = [
            MissedMeasureSummary(
                metric: MetricSelector(run.own[3]), since: "order-${message.json.id}", scenario: "main",
                withoutMark: 7, inFuture: 0),
            MissedMeasureSummary(
                metric: MetricSelector(run.own[3]), since: "message.json.sent", scenario: "main", withoutMark: 0,
                inFuture: 2),
        ]
        return run.sample("own-metrics")
    }()

    /// Nothing was started.
    static let couldNotRun: Sample = {
        var run = Run("big", "big.yaml", "name: big\n", seconds: 0)
        run.load = "100000 VUs for 1m"
        run.preflightProblems = ["100000 sessions need 100064 file descriptors, the hard limit is 1024"]
        return run.sample("could-not-run")
    }()
}

/// Makes a summary the way the runner does: samples into a recorder, then everything out of its snapshot.
private struct Run {
    let plan: SourceFile
    let name: String
    let durationNanoseconds: Int64
    var scenario = "main"
    var url = "ws://127.0.0.1:9001/"
    var load = "1 VU, 1 iteration"
    var otherScenarios: [ScenarioSummary] = []
    var sessions = SessionCounts()
    var gaveUpAfter: UInt64?
    var preflightProblems: [String] = []
    var thresholds: [(selector: String, condition: String)] = []
    /// What the run makes of a result, by its index, that a snapshot does not tell.
    var changes: [Int: (inout ThresholdResult) -> Void] = [:]
    var notices: [String] = []
    var generator: GeneratorVerdict?
    var expectedErrors: Set<String> = []
    var files: [PlanIdentity.File] = []
    /// Metrics of the plan's own.
    var own: [MetricDefinition] = []
    var marks: [MarkSummary] = []
    var missedMeasures: [MissedMeasureSummary] = []
    private let recorder = MetricsRecorder()
    private let opened = SharedGauge(.wsOpen)
    private var firstFailures: [CheckSummary.Key: FailureInstance] = [:]
    private var firstErrors: [ErrorSummary.Key: FailureInstance] = [:]

    init(_ name: String, _ file: String, _ text: String, seconds: Double) {
        self.name = name
        plan = SourceFile(name: file, bytes: Array(text.utf8))
        durationNanoseconds = Int64(seconds * 1e9)
    }

    private var tags: TagSet { ["scenario": scenario] }

    func place(of text: String) -> SourceSpan {
        let needle = Array(text.utf8)
        let start = plan.bytes.indices.first { plan.bytes[$0...].starts(with: needle) } ?? 0
        return SourceSpan(start..<start + needle.count)
    }

    func count(_ metric: MetricDefinition, _ count: Int, _ own: TagSet = [:]) {
        recorder.add(recorder.series(metric, TagSet(tags.tags + own.tags)), count)
    }

    func time(_ metric: MetricDefinition, _ nanoseconds: [Int], _ own: TagSet = [:]) {
        let series = recorder.series(metric, TagSet(tags.tags + own.tags))
        for time in nanoseconds { recorder.record(series, nanoseconds: Int64(time)) }
    }

    func amount(_ metric: MetricDefinition, _ amount: Double) {
        recorder.add(recorder.series(metric, tags), amount: amount)
    }

    func numbers(_ metric: MetricDefinition, _ numbers: [Double]) {
        for number in numbers { recorder.record(recorder.series(metric, tags), number: number) }
    }

    func levels(_ metric: MetricDefinition, _ levels: [Double]) {
        for (time, level) in levels.enumerated() {
            recorder.set(recorder.series(metric, tags), to: level, atNanoseconds: Int64(time))
        }
    }

    func rate(_ metric: MetricDefinition, passes: Int, fails: Int) {
        for _ in 0..<passes { recorder.pass(recorder.series(metric, tags)) }
        for _ in 0..<fails { recorder.fail(recorder.series(metric, tags)) }
    }

    func open(_ count: Int64) {
        opened.adjust(by: 1)
        opened.adjust(by: count - 1)
    }

    private func series(ofCheck check: String, _ group: String?) -> SeriesID {
        let own = tags.with("check", check)
        return recorder.series(.checks, group.map { own.with("group", $0) } ?? own)
    }

    func pass(check: String, _ count: Int, group: String? = nil) {
        let series = series(ofCheck: check, group)
        for _ in 0..<count { recorder.pass(series) }
    }

    mutating func fail(check: String, _ count: Int, group: String? = nil, _ first: FailureInstance) {
        let series = series(ofCheck: check, group)
        for _ in 0..<count { recorder.fail(series) }
        firstFailures[CheckSummary.Key(check, group: group, scenario: scenario)] = first
    }

    mutating func fail(error kind: String, _ errors: Int, _ first: FailureInstance) {
        count(.wsErrors, errors, ["kind": kind])
        firstErrors[ErrorSummary.Key(kind, scenario: scenario)] = first
    }

    private func parsedThresholds() -> [Threshold] {
        var diagnostics: [Diagnostic] = []
        func located(_ text: String) -> LocatedText { LocatedText(text, at: SourceSpan(0..<text.utf8.count)) }
        let parser = ThresholdParser(catalog: .builtIn.with(own))
        let parsed = thresholds.compactMap { threshold in
            parser.selector(located(threshold.selector), into: &diagnostics).flatMap {
                parser.threshold(located(threshold.condition), on: $0, into: &diagnostics)
            }
        }
        precondition(diagnostics.isEmpty, "\(diagnostics)")
        return parsed
    }

    func sample(_ sampleName: String) -> Sample {
        let failed = recorder.series(.wsSessionFailed, tags)
        for _ in 0..<sessions.failed { recorder.pass(failed) }
        for _ in sessions.failed..<sessions.attempted { recorder.fail(failed) }
        let snapshot = MetricsSnapshot(merging: [recorder.snapshot()], gauges: [opened])
        var main = ScenarioSummary(
            name: scenario, url: url, load: load, model: .closed, vus: 1, sessions: sessions,
            expectedErrors: expectedErrors)
        if !preflightProblems.isEmpty { main.hasWork = false }
        let host = HostFacts(
            name: "host.test", kernel: "Linux 6.12.0 x86_64", cpuModel: "Some Processor", cpuCount: 4,
            memoryBytes: 8 << 30, descriptorLimit: 1024)
        var record = RunRecord(
            plan: PlanIdentity(
                name: name, source: plan, digest: String(repeating: "0123456789abcdef", count: 4), files: files),
            version: "0.1.0", hosts: [host], startedUnixMilliseconds: Sample.start, seed: 42,
            scenarios: [main] + otherScenarios,
            measurements: RunMeasurements(
                thresholds: parsedThresholds(), metrics: own, snapshot: snapshot,
                durationNanoseconds: durationNanoseconds))
        record.preflightProblems = preflightProblems
        record.generator = generator
        record.gaveUpAfterFailedSessions = gaveUpAfter
        record.firstFailures = firstFailures
        record.firstErrors = firstErrors
        record.marks = marks
        record.missedMeasures = missedMeasures
        record.notices = notices
        var results = record.judge()
        for (index, change) in changes { change(&results[index]) }
        return Sample(name: sampleName, record: record, summary: RunSummary(of: record, thresholds: results))
    }
}
