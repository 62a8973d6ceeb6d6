import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel

extension RunSummary {
    /// What a run was like, judged by its plan; a smoke run without its thresholds, which are about a load.
    init(
        of outcome: LoadRun.Outcome, plan: Plan, scenario: Scenario, program: Program, file: SourceFile, isSmoke: Bool,
        seed: UInt64
    ) {
        let thresholds =
            isSmoke
            ? plan.thresholds.map { ThresholdResult($0, value: nil, sampleCount: 0, outcome: .notJudged) }
            : outcome.snapshot.judge(plan.thresholds, durationNanoseconds: outcome.durationNanoseconds)
        var facts = VerdictFacts()
        facts.signal =
            switch outcome.signal {
            case .interrupt: .interrupt
            case .terminate: .terminate
            case nil: nil
            }
        facts.gaveUpAfterFailedSessions = outcome.gaveUpAfterFailures
        facts.sessions = outcome.sessions
        facts.failures = VerdictFacts.Failures.all(in: outcome.snapshot)
        if !isSmoke { facts.thresholds = thresholds }
        self.init(
            planName: plan.name, planFile: file.name,
            startedUnixMilliseconds: outcome.startedUnixNanoseconds / 1_000_000,
            durationNanoseconds: outcome.durationNanoseconds, seed: seed,
            scenarios: [
                ScenarioSummary(
                    name: scenario.name, url: scenario.url.source.text, load: scenario.load.inWords(isSmoke: isSmoke),
                    model: .closed, vus: isSmoke ? 1 : scenario.load.shape.mostVUs)
            ],
            verdict: Verdict(of: facts), sessions: outcome.sessions,
            checks: CheckSummary.all(in: outcome.snapshot, firstFailures: outcome.firstFailures),
            errors: ErrorSummary.all(in: outcome.snapshot, first: outcome.firstErrors),
            closes: CloseSummary.all(in: outcome.snapshot),
            metrics: MetricTable(
                of: outcome.snapshot, catalog: plan.metricCatalog, durationNanoseconds: outcome.durationNanoseconds),
            marks: MarkSummary.all(outcome.marks, of: program),
            missedMeasures: MissedMeasureSummary.all(outcome.marks, of: program), thresholds: thresholds,
            notices: Self.notices(outcome, scenario: scenario, program: program, file: file))
    }

    private static func notices(
        _ outcome: LoadRun.Outcome, scenario: Scenario, program: Program, file: SourceFile
    ) -> [String] {
        var notices: [String] = []
        if scenario.connect.tls?.verify == false {
            notices.append("no certificate was verified (verify: false): whoever answered was taken for the server")
        }
        if let reason = outcome.stopReason { notices.append("the plan stopped the run: \(reason)") }
        for source in outcome.endedData {
            notices.append(
                "the data source '\(source.name)' had no row left, which ended the scenario: it has \(source.rowCount)")
        }
        for (index, error) in outcome.conditions?.neverEvaluated ?? [] {
            let condition = program.pools.expressions[index].source
            let line = file.position(at: condition.span.start).line
            notices.append(
                "the condition '\(condition.text)' (line \(line)) could never be evaluated, and so was false: \(error.reason)"
            )
        }
        let droppedMessages = outcome.snapshot.counter(.wsInboxDropped)
        if droppedMessages > 0 {
            notices.append(
                "inboxes were full, and \(droppedMessages) of their oldest messages were dropped before an await took them"
            )
        }
        if outcome.droppedLogLines > 0 {
            notices.append(
                """
                \(outcome.droppedLogLines) log lines were dropped: more than \(LogSink.linesPerSecond) in a second, or \
                nobody read them
                """)
        }
        return notices
    }
}
