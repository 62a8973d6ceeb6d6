import Diagnostics

extension RunSummary {
    /// What there is to say of a run, with its verdict.
    package init(of record: RunRecord) { self.init(of: record, thresholds: record.judge()) }

    /// The same, where the thresholds have been judged already.
    package init(of record: RunRecord, thresholds: [ThresholdResult]) {
        let snapshot = record.measurements.snapshot
        let expected = record.expectedErrors
        let facts = VerdictFacts(of: record, thresholds: thresholds)
        let shard = record.shard?.inWords ?? ""
        self.init(
            planName: record.plan.name, planFile: record.plan.source.name,
            startedUnixMilliseconds: record.startedUnixMilliseconds,
            durationNanoseconds: record.measurements.durationNanoseconds, seed: record.seed,
            scenarios: record.scenarios.map { scenario in
                var scenario = scenario
                scenario.load += shard
                return scenario
            },
            verdict: Verdict(of: facts), generator: record.generator, sessions: record.sessions,
            checks: CheckSummary.all(in: snapshot, firstFailures: record.firstFailures),
            errors: ErrorSummary.all(in: snapshot, expectedErrors: expected, first: record.firstErrors),
            closes: CloseSummary.all(in: snapshot),
            metrics: MetricTable(
                of: snapshot, catalog: .builtIn.with(record.measurements.metrics),
                durationNanoseconds: record.measurements.durationNanoseconds),
            marks: record.marks, missedMeasures: record.missedMeasures, thresholds: thresholds, notices: record.notices)
        markTolerated(by: facts)
    }
}

extension VerdictFacts {
    fileprivate init(of record: RunRecord, thresholds: [ThresholdResult]) {
        preflightProblems = record.preflightProblems
        defects = record.defects
        signal = record.signal
        gaveUpAfterFailedSessions = record.gaveUpAfterFailedSessions
        sessions = record.sessions
        idleScenarios = record.scenarios.filter { $0.hasWork && $0.sessions.attempted == 0 }.map(\.name)
        unopenedScenarios = record.scenarios.filter(\.sessions.haveTestedNothing).map(\.name)
        failures = Failures.all(in: record.measurements.snapshot, expectedErrors: record.expectedErrors)
        guard !record.isSmoke else { return }
        self.thresholds = thresholds
        if !record.allowsLimited { generatorLimits = record.generator?.limits ?? [] }
    }
}

extension RunRecord {
    /// By scenario.
    fileprivate var expectedErrors: [String: Set<String>] {
        var expected: [String: Set<String>] = [:]
        for scenario in scenarios { expected[scenario.name] = scenario.expectedErrors }
        return expected
    }
}
