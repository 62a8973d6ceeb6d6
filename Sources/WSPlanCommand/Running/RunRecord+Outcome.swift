import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel

extension RunRecord {
    /// What a run of a plan was like.
    init(of outcome: LoadRun.Outcome, _ loaded: LoadedPlan, _ plan: Plan, _ settings: PlanRun.Settings) {
        var measurements = outcome.measurements
        measurements.thresholds = plan.thresholds
        measurements.metrics = plan.metrics.map(\.definition)
        self.init(
            loaded, settings, startedUnixMilliseconds: outcome.startedUnixNanoseconds / 1_000_000,
            scenarios: zip(plan.scenarios, outcome.scenarios).map { ScenarioSummary($0, $1, settings) },
            measurements: measurements)
        signal =
            switch outcome.signal {
            case .interrupt: .interrupt
            case .terminate: .terminate
            case nil: nil
            }
        generator = settings.isSmoke ? nil : outcome.generator
        allowsLimited = settings.allowsLimited
        gaveUpAfterFailedSessions = outcome.gaveUpAfterFailures
        defects = outcome.scenarios.flatMap(\.conservation.defects)
        firstFailures = outcome.firstFailures
        firstErrors = outcome.firstErrors
        marks = zip(outcome.scenarios, loaded.programs).flatMap { MarkSummary.all($0.marks, of: $1) }
        missedMeasures = zip(outcome.scenarios, loaded.programs).flatMap { MissedMeasureSummary.all($0.marks, of: $1) }
        notices = Self.notices(outcome, plan: plan, programs: loaded.programs, file: loaded.file)
    }

    /// Of a run that was not possible here, for the reasons given.
    init(ofNothing reasons: [String], _ loaded: LoadedPlan, _ plan: Plan, _ settings: PlanRun.Settings) {
        self.init(
            loaded, settings, startedUnixMilliseconds: LoadRun.wallNanoseconds / 1_000_000,
            scenarios: plan.scenarios.map { scenario in
                let load = LoadShape(scenario.load, isSmoke: settings.isSmoke)
                return ScenarioSummary(
                    name: scenario.name, url: scenario.url.source.text,
                    load: scenario.load.inWords(isSmoke: settings.isSmoke),
                    model: scenario.load.shape.isOpen && !settings.isSmoke ? .open : .closed,
                    vus: Int(LoadPart(load, settings.share).mostUsers), expectedErrors: scenario.expectedErrorKinds)
            },
            measurements: RunMeasurements(
                thresholds: plan.thresholds, metrics: plan.metrics.map(\.definition), snapshot: MetricsSnapshot(),
                durationNanoseconds: 0))
        preflightProblems = reasons
    }

    private init(
        _ loaded: LoadedPlan, _ settings: PlanRun.Settings, startedUnixMilliseconds: Int64,
        scenarios: [ScenarioSummary], measurements: RunMeasurements
    ) {
        self.init(
            plan: loaded.identity, version: WSPlan.version, hosts: [.current],
            shard: settings.share.shard,
            startedUnixMilliseconds: startedUnixMilliseconds, seed: settings.seed, isSmoke: settings.isSmoke,
            scenarios: scenarios, measurements: measurements)
    }

    private static func notices(
        _ outcome: LoadRun.Outcome, plan: Plan, programs: [Program], file: SourceFile
    ) -> [String] {
        var notices: [String] = []
        if plan.scenarios.contains(where: { $0.connect.tls?.verify == false }) {
            notices.append("no certificate was verified (verify: false): whoever answered was taken for the server")
        }
        if let reason = outcome.stopReason { notices.append("the plan stopped the run: \(reason)") }
        for source in outcome.endedData {
            let what =
                source.isPerVU
                ? "no row for some virtual users, who did not run" : "no row left, which ended the scenario"
            notices.append("the data source '\(source.name)' had \(what): it has \(source.rowCount)")
        }
        for scenario in outcome.scenarios {
            let (due, missed) = (scenario.arrivals.due, scenario.missedArrivals)
            let unserved = scenario.arrivals.dropped - missed
            if unserved > 0 {
                notices.append(
                    """
                    \(unserved) of \(due) arrivals of '\(scenario.name)' found none of its \(scenario.part.mostUsers) virtual \
                    users free, and were dropped (dropped_iterations)
                    """)
            }
            if missed > 0 {
                notices.append(
                    """
                    \(missed) of \(due) arrivals of '\(scenario.name)' were due before its end and were dropped \
                    (dropped_iterations), since wsplan was too far behind to begin them
                    """)
            }
        }
        for scenario in outcome.scenarios {
            guard let count = scenario.part.iterationCount, scenario.sessions.attempted < count else { continue }
            notices.append(
                "\(scenario.sessions.attempted) of the \(count) iterations of '\(scenario.name)' were begun before its end"
            )
        }
        for (declared, scenario) in zip(plan.scenarios, outcome.scenarios)
        where !declared.load.shape.isOpen && scenario.hasRepeatedItself {
            notices.append(
                """
                '\(scenario.name)' is a closed load: who waits for an answer asks nothing meanwhile, so a server that stalls \
                is asked less, and no time here is that of those who would have come; an open load (rate) asks all the same
                """)
        }
        for (scenario, program) in zip(outcome.scenarios, programs) {
            for (index, error) in scenario.conditions?.neverEvaluated ?? [] {
                let condition = program.pools.expressions[index].source
                let line = file.position(at: condition.span.start).line
                notices.append(
                    "the condition '\(condition.text)' (line \(line)) could never be evaluated, and so was false: \(error.reason)"
                )
            }
        }
        let droppedMessages = outcome.snapshot.counter(.wsInboxDropped)
        if droppedMessages > 0 {
            notices.append(
                "inboxes were full, and \(droppedMessages) of their oldest messages were dropped before an await took them"
            )
        }
        notices += outcome.snapshot.folded.notices
        if outcome.droppedLogLines > 0 {
            notices.append(
                """
                \(outcome.droppedLogLines) log lines were dropped: more than \(LogSink.linesPerSecond) in a second, or \
                nobody read them, or they could not be written
                """)
        }
        return notices
    }
}

extension LoadRun.ScenarioOutcome {
    /// Whether its users did one thing after the other often enough for their times to be figures of the server's.
    fileprivate var hasRepeatedItself: Bool {
        let (sessions, awaits) = (Int64(clamping: sessions.attempted), Int64(clamping: conservation.awaits.begun))
        return max(sessions - part.mostUsers, awaits - sessions) >= 100
    }
}

extension ScenarioSummary {
    fileprivate init(_ scenario: Scenario, _ outcome: LoadRun.ScenarioOutcome, _ settings: PlanRun.Settings) {
        let isOpen = scenario.load.shape.isOpen && !settings.isSmoke
        self.init(
            name: scenario.name, url: scenario.url.source.text,
            load: scenario.load.inWords(isSmoke: settings.isSmoke),
            model: isOpen ? .open : .closed, vus: Int(outcome.part.mostUsers),
            targetPerSecond: isOpen ? outcome.part.constantRatePerSecond : nil,
            arrivals: isOpen ? outcome.arrivals : nil, sessions: outcome.sessions, hasWork: !outcome.part.isEmpty,
            expectedErrors: scenario.expectedErrorKinds)
    }
}

extension Scenario {
    /// The kinds in its `expect.errors`, by their names.
    fileprivate var expectedErrorKinds: Set<String> { Set(expect.errors.map(\.value.rawValue)) }
}
