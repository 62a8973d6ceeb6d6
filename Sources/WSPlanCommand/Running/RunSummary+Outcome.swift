import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel

extension RunSummary {
    /// What a run was like, judged by its plan; a smoke run without its thresholds, which are about a load.
    init(
        of outcome: LoadRun.Outcome, plan: Plan, programs: [Program], file: SourceFile, _ settings: PlanRun.Settings
    ) {
        let thresholds =
            settings.isSmoke
            ? plan.thresholds.map { ThresholdResult($0, value: nil, sampleCount: 0, outcome: .notJudged) }
            : outcome.measurements.judge()
        var facts = VerdictFacts()
        facts.signal =
            switch outcome.signal {
            case .interrupt: .interrupt
            case .terminate: .terminate
            case nil: nil
            }
        facts.gaveUpAfterFailedSessions = outcome.gaveUpAfterFailures
        facts.sessions = outcome.sessions
        facts.idleScenarios = outcome.scenarios.filter(\.hasDoneNothing).map(\.name)
        facts.unopenedScenarios = outcome.scenarios.filter(\.sessions.haveTestedNothing).map(\.name)
        facts.defects = outcome.scenarios.flatMap(\.conservation.defects)
        let expectedErrors = plan.scenarios.reduce(into: [:]) { expected, scenario in
            expected[scenario.name] = Set(scenario.expect.errors.map(\.value.rawValue))
        }
        facts.failures = VerdictFacts.Failures.all(in: outcome.snapshot, expectedErrors: expectedErrors)
        if !settings.isSmoke {
            facts.thresholds = thresholds
            if !settings.allowsLimited { facts.generatorLimits = outcome.generator.limits }
        }
        self.init(
            planName: plan.name, planFile: file.name,
            startedUnixMilliseconds: outcome.startedUnixNanoseconds / 1_000_000,
            durationNanoseconds: outcome.durationNanoseconds, seed: settings.seed,
            scenarios: zip(plan.scenarios, outcome.scenarios).map { ScenarioSummary($0, $1, settings) },
            verdict: Verdict(of: facts), generator: settings.isSmoke ? nil : outcome.generator,
            sessions: outcome.sessions,
            checks: CheckSummary.all(in: outcome.snapshot, firstFailures: outcome.firstFailures),
            errors: ErrorSummary.all(in: outcome.snapshot, expectedErrors: expectedErrors, first: outcome.firstErrors),
            closes: CloseSummary.all(in: outcome.snapshot),
            metrics: MetricTable(
                of: outcome.snapshot, catalog: plan.metricCatalog, durationNanoseconds: outcome.durationNanoseconds),
            marks: zip(outcome.scenarios, programs).flatMap { MarkSummary.all($0.marks, of: $1) },
            missedMeasures: zip(outcome.scenarios, programs).flatMap { MissedMeasureSummary.all($0.marks, of: $1) },
            thresholds: thresholds, notices: Self.notices(outcome, plan: plan, programs: programs, file: file))
        markTolerated(by: facts)
    }

    /// Of a run that was not possible here, for the reasons given.
    init(ofNothing reasons: [String], plan: Plan, file: SourceFile, _ settings: PlanRun.Settings) {
        var facts = VerdictFacts()
        facts.preflightProblems = reasons
        self.init(
            planName: plan.name, planFile: file.name, startedUnixMilliseconds: LoadRun.wallNanoseconds / 1_000_000,
            durationNanoseconds: 0, seed: settings.seed,
            scenarios: plan.scenarios.map { scenario in
                let load = LoadShape(scenario.load, isSmoke: settings.isSmoke)
                return ScenarioSummary(
                    name: scenario.name, url: scenario.url.source.text,
                    load: scenario.load.inWords(isSmoke: settings.isSmoke) + settings.share.inWords,
                    model: scenario.load.shape.isOpen && !settings.isSmoke ? .open : .closed,
                    vus: Int(LoadPart(load, settings.share).mostUsers))
            },
            verdict: Verdict(of: facts), sessions: SessionCounts(), metrics: MetricTable())
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
            notices.append(
                "the data source '\(source.name)' had no row left, which ended the scenario: it has \(source.rowCount)")
        }
        for scenario in outcome.scenarios where scenario.arrivals.dropped > 0 {
            notices.append(
                """
                \(scenario.arrivals.dropped) of \(scenario.arrivals.due) arrivals of '\(scenario.name)' found none of its \
                \(scenario.part.mostUsers) virtual users free, and were dropped (dropped_iterations)
                """)
        }
        for scenario in outcome.scenarios {
            guard let count = scenario.part.iterationCount, scenario.sessions.attempted < count else { continue }
            notices.append(
                "\(scenario.sessions.attempted) of the \(count) iterations of '\(scenario.name)' were begun before its end"
            )
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
        for folded in outcome.snapshot.folded.inWords {
            notices.append(
                "more than \(MetricsRecorder.tagSetLimit) tag sets: what is beyond is counted together in \(folded)")
        }
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
    /// Whether it had something to do and has not begun with it.
    fileprivate var hasDoneNothing: Bool { sessions.attempted == 0 && !part.isEmpty }
}

extension ScenarioSummary {
    fileprivate init(_ scenario: Scenario, _ outcome: LoadRun.ScenarioOutcome, _ settings: PlanRun.Settings) {
        let isOpen = scenario.load.shape.isOpen && !settings.isSmoke
        self.init(
            name: scenario.name, url: scenario.url.source.text,
            load: scenario.load.inWords(isSmoke: settings.isSmoke) + settings.share.inWords,
            model: isOpen ? .open : .closed, vus: Int(outcome.part.mostUsers),
            targetPerSecond: isOpen ? outcome.part.constantRatePerSecond : nil,
            arrivals: isOpen ? outcome.arrivals : nil)
    }
}
