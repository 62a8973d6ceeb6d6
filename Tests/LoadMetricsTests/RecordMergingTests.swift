import Diagnostics
import LoadMetrics
import Testing

@Suite struct RecordMergingTests {
    private static func record(
        shard: (Int64, Int64)?, sent: Int = 0, change: (inout RunRecord) -> Void = { _ in }
    ) throws -> RunRecord {
        let recorder = MetricsRecorder()
        recorder.add(recorder.series(.wsMsgsSent, ["scenario": "main"]), sent)
        for _ in 0..<sent { recorder.fail(recorder.series(.wsSessionFailed, ["scenario": "main"])) }
        let count = UInt64(sent)
        var record = RunRecord(
            plan: PlanIdentity(name: "plan", source: SourceFile(name: "plan.yaml", bytes: []), digest: "1"),
            version: "0.1.0",
            hosts: [
                HostFacts(
                    name: "host \(shard?.0 ?? 0)", kernel: "", cpuModel: "", cpuCount: 1, memoryBytes: nil,
                    descriptorLimit: nil)
            ],
            shard: shard.flatMap { ShardNumber($0, of: $1) }, startedUnixMilliseconds: 1000 - (shard?.0 ?? 0), seed: 7,
            scenarios: [
                ScenarioSummary(
                    name: "main", url: "ws://a/", load: "6 VUs", model: .closed, vus: 2,
                    sessions: SessionCounts(attempted: count, opened: count, met: count), hasWork: sent > 0)
            ],
            measurements: RunMeasurements(
                thresholds: [try threshold("ws_msgs_sent", "count == 6")], snapshot: recorder.snapshot(),
                durationNanoseconds: 1_000_000_000))
        change(&record)
        return record
    }

    private static func failure(_ user: Int, atNanoseconds time: Int64) -> FailureInstance {
        FailureInstance(message: "", vuID: user, iteration: 0, sinceStartNanoseconds: time)
    }

    private static func merged(_ records: [RunRecord]) throws -> RunRecord {
        try RunRecord.merging(records, named: records.indices.map { "\($0).json" })
    }

    @Test func shardsAddUpInWhateverOrder() throws {
        let key = CheckSummary.Key("x", scenario: "main")
        let mark = MarkSummary(
            key: "k", scenario: "main", set: 3, measured: 1, replaced: 1, neverMeasured: 1, cut: 0)
        let records = [
            try Self.record(shard: (3, 3)),
            try Self.record(shard: (1, 3), sent: 4) {
                $0.firstFailures[key] = Self.failure(1, atNanoseconds: 20)
                $0.marks = [mark]
                $0.notices = ["said by all but one", "by one"]
            },
            try Self.record(shard: (2, 3), sent: 2) {
                $0.firstFailures[key] = Self.failure(2, atNanoseconds: 10)
                $0.marks = [mark]
                $0.notices = ["said by all but one"]
                $0.defects = ["odd"]
            },
        ]
        let whole = try Self.merged(records)
        let summary = RunSummary(of: whole)
        #expect(summary.thresholds.map(\.outcome) == [.passed])
        #expect(whole.sessions == SessionCounts(attempted: 6, opened: 6, failed: 0, met: 6))
        #expect(whole.scenarios.map(\.vus) == [6] && whole.scenarios.map(\.hasWork) == [true])
        #expect(whole.firstFailures[key]?.vuID == 2)
        #expect(whole.marks.map(\.set) == [6])
        #expect(whole.hosts.map(\.name) == ["host 1", "host 2", "host 3"])
        #expect(whole.startedUnixMilliseconds == 997 && whole.shard == nil)
        #expect(
            whole.notices == [
                "shard 1/3: said by all but one", "shard 1/3: by one", "shard 2/3: said by all but one",
            ])
        #expect(summary.verdict.reasons == [.init(.defect, "shard 2/3: odd")])
        #expect(whole.measurements == (try Self.merged(records.reversed())).measurements)
    }

    /// How each shard ended is how the run ended: the first ground that applies to any of them.
    @Test func whatEndsOneShardEndsTheRun() throws {
        let cases: [((inout RunRecord) -> Void, Verdict.Ground)] = [
            ({ $0.signal = .interrupt }, .interrupted),
            ({ $0.signal = .terminate }, .terminated),
            ({ $0.gaveUpAfterFailedSessions = 3 }, .expectation),
            ({ $0.preflightProblems = ["no descriptors"] }, .couldNotRun),
            ({ _ in }, .passed),
        ]
        for (change, ground) in cases {
            let whole = try Self.merged([
                try Self.record(shard: (1, 2), sent: 4), try Self.record(shard: (2, 2), sent: 2, change: change),
            ])
            #expect(RunSummary(of: whole).verdict.ground == ground)
        }
    }

    /// One generator that was too slow makes inconclusive what fails, unless that is allowed everywhere.
    @Test func aLimitedGeneratorOfOneShardIsTheRuns() throws {
        var (late, early) = (GeneratorFigures(), GeneratorFigures())
        (late.due, late.startedInTime, late.longestLagNanoseconds, late.busy) = (100, 50, 7, 0.5)
        (early.due, early.startedInTime, early.longestLagNanoseconds, early.busy) = (10, 10, 9, 0.25)
        func records(allowingLimited: Bool...) throws -> [RunRecord] {
            let verdicts = [
                GeneratorVerdict(.degraded, reasons: ["held up"], early),
                GeneratorVerdict(.limited, reasons: ["late"], late),
            ]
            return try zip(verdicts, allowingLimited).enumerated().map { index, shard in
                try Self.record(shard: (Int64(index) + 1, 2), sent: 1) {
                    ($0.generator, $0.allowsLimited) = shard
                }
            }
        }
        let whole = try Self.merged(try records(allowingLimited: false, true))
        #expect(RunSummary(of: whole).verdict.exitCode == 4)
        #expect(whole.generator?.grade == .limited)
        #expect(whole.generator?.reasons == ["shard 2/2: late", "shard 1/2: held up"])
        let figures = try #require(whole.generator?.figures)
        #expect(figures.due == 110 && figures.startedInTime == 60)
        #expect(figures.longestLagNanoseconds == 9 && figures.busy == 0.5)
        #expect(RunSummary(of: try Self.merged(try records(allowingLimited: true, true))).verdict.exitCode == 1)
    }

    @Test func whatIsNotTheWholeOfOneRunIsRefused() throws {
        func expectRefused(_ problem: String, _ records: RunRecord...) {
            let error = #expect(throws: RunRecord.MergeError.self) { try Self.merged(records) }
            #expect(error?.description == problem)
        }
        let first = try Self.record(shard: (1, 2))
        func second(_ change: (inout RunRecord) -> Void) throws -> RunRecord {
            try Self.record(shard: (2, 2), change: change)
        }
        expectRefused("1.json is of another plan than 0.json", first, try second { $0.plan.digest = "2" })
        expectRefused(
            "1.json is of a plan with other files than 0.json", first,
            try second { $0.plan.files = [.init(path: "a", digest: "b")] })
        expectRefused(
            "1.json was made by another version of wsplan (9.0) than 0.json", first, try second { $0.version = "9.0" })
        expectRefused(
            "1.json has another seed (8, where all shards need the same --seed) than 0.json", first,
            try second { $0.seed = 8 })
        expectRefused(
            "1.json has another load, other scenarios or another url than 0.json", first,
            try second { $0.scenarios[0].load = "7 VUs" })
        expectRefused(
            "1.json measured other things than 0.json", first, try second { $0.measurements.thresholds = [] })
        expectRefused("1.json is shard 1/2, and so is 0.json", first, first)
        expectRefused("1.json is shard 2/3, and 0.json shard 1/2", first, try Self.record(shard: (2, 3)))
        expectRefused(
            "1.json holds a whole run, and no shard that others could be merged with", first,
            try Self.record(shard: nil))
        let judged = "missing: a run is judged by the results of all its shards"
        expectRefused("shard 2 of 2 is \(judged)", first)
        expectRefused("shards 1 and 3 of 3 are \(judged)", try Self.record(shard: (2, 3)))
        expectRefused("shards 1, 2, 3, … of 1000000 are \(judged)", try Self.record(shard: (1_000_000, 1_000_000)))
        #expect(try Self.merged([try Self.record(shard: nil, sent: 6)]).sessions.attempted == 6)
    }

    /// Secrets are kept out of names. Two that become one are added up, and two metrics stay two.
    @Test func renamedSeriesAreAddedUp() throws {
        let own = [MetricDefinition.custom("a-one", .counter), MetricDefinition.custom("a-two", .trend)]
        let recorder = MetricsRecorder()
        recorder.add(recorder.series(own[0], ["user": "one", "scenario": "main"]), amount: 1.5)
        recorder.add(recorder.series(own[0], ["user": "two", "scenario": "main"]), amount: 2)
        recorder.record(recorder.series(own[1], ["scenario": "main"]), number: 3)
        recorder.add(recorder.series(.wsErrors, ["kind": "one", "scenario": "one"]))
        let measured = RunMeasurements(
            metrics: own, snapshot: recorder.snapshot(), durationNanoseconds: 1_000_000_000)
        let names = Renaming(of: own) { $0.replacing("one", with: "***").replacing("two", with: "***") }
        let renamed = measured.renamed(names)
        #expect(renamed.metrics.map(\.name) == ["a-***", "a-***'"])
        #expect(renamed.snapshot.amount(renamed.metrics[0], ["user": "***"]) == 3.5)
        #expect(renamed.snapshot.trend(renamed.metrics[1])?.count == 1)
        #expect(renamed.snapshot.counter(.wsErrors, ["kind": "one", "scenario": "***"]) == 1)
    }
}
