import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel
import Quantities

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
                    model: .closed, vus: isSmoke ? 1 : scenario.load.vuCount)
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
        for folded in outcome.snapshot.folded.inWords {
            notices.append(
                "more than \(MetricsRecorder.tagSetLimit) tag sets: what is beyond is counted together in \(folded)")
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

extension Load {
    /// The shape for people; of a smoke run, what it is run instead of.
    func inWords(isSmoke: Bool) -> String {
        isSmoke ? "smoke run of 1 VU, 1 iteration (the plan's load: \(inWords))" : inWords
    }

    /// The shape for people: `10 VUs for 30s`.
    fileprivate var inWords: String {
        var words = vuCount == 1 ? "1 VU" : "\(vuCount) VUs"
        switch iterationBudget {
        case .unlimited: break
        case .total(let count): words += iterations(count, " in all")
        case .perVU(let count): words += iterations(count, " each")
        }
        if let duration {
            let text = DurationText.text(ofNanoseconds: duration.value)
            words += iterationBudget == .unlimited ? " for \(text)" : ", at most \(text)"
        }
        return words
    }

    /// Of one virtual user alone, all iterations are its own.
    private func iterations(_ count: Int, _ share: String) -> String {
        ", " + (count == 1 ? "1 iteration" : "\(count) iterations") + (vuCount == 1 ? "" : share)
    }
}
