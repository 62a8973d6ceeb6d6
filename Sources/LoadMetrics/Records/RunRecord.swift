/// What a run was like before it is judged: as one process saw it or, merged, all that had a part of it. It is what a JSON report
/// holds, and all that a summary is made from, so that the same is said of a run whenever it is judged.
package struct RunRecord: Sendable {
    package var plan: PlanIdentity
    /// The version of the program that made the run.
    package var version: String
    package var hosts: [HostFacts]
    /// Nil for a whole run.
    package var shard: ShardNumber?
    /// Wall time of the start, milliseconds since 1970.
    package var startedUnixMilliseconds: Int64
    /// What random values derived from: `--seed` with it repeats them.
    package var seed: UInt64
    /// A smoke run makes no load, and its thresholds are not judged.
    package var isSmoke: Bool
    package var scenarios: [ScenarioSummary]
    package var measurements: RunMeasurements

    /// What made the run impossible here; in the other cases it took place.
    package var preflightProblems: [String] = []
    /// Counts that should be equal and are not, in words.
    package var defects: [String] = []
    /// How the generator itself fared; nil where that was not asked, as in a smoke run.
    package var generator: GeneratorVerdict?
    /// Whether thresholds are judged also where the generator was the bottleneck (`--allow-limited`).
    package var allowsLimited = false
    package var signal: VerdictFacts.Signal?
    /// Set when the run gave up because no session ever met its expectation.
    package var gaveUpAfterFailedSessions: UInt64?
    package var firstFailures: [CheckSummary.Key: FailureInstance] = [:]
    package var firstErrors: [ErrorSummary.Key: FailureInstance] = [:]
    /// The marks that were set.
    package var marks: [MarkSummary] = []
    package var missedMeasures: [MissedMeasureSummary] = []
    /// What the reader should know beside the numbers: conditions that could never be evaluated, dropped log lines.
    package var notices: [String] = []

    package init(
        plan: PlanIdentity, version: String, hosts: [HostFacts], shard: ShardNumber? = nil,
        startedUnixMilliseconds: Int64, seed: UInt64, isSmoke: Bool = false, scenarios: [ScenarioSummary],
        measurements: RunMeasurements
    ) {
        self.plan = plan
        self.version = version
        self.hosts = hosts
        self.shard = shard
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.seed = seed
        self.isSmoke = isSmoke
        self.scenarios = scenarios
        self.measurements = measurements
    }

    package var sessions: SessionCounts { scenarios.map(\.sessions).reduce(SessionCounts(), +) }

    /// How the run stands against its thresholds.
    package func judge() -> [ThresholdResult] {
        guard !isSmoke else {
            return measurements.thresholds.map {
                ThresholdResult($0, value: nil, sampleCount: 0, outcome: .notJudged)
            }
        }
        return preflightProblems.isEmpty ? measurements.judge() : []
    }
}
