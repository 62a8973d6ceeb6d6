/// Everything that a report says about one run. A value: making it and rendering it touch nothing outside.
package struct RunSummary: Sendable {
    package var planName: String
    /// As the user wrote it on the command line.
    package var planFile: String
    /// Wall time of the start, milliseconds since 1970.
    package var startedUnixMilliseconds: Int64
    package var durationNanoseconds: Int64
    /// What random values derived from: `--seed` with it repeats them.
    package var seed: UInt64
    package var scenarios: [ScenarioSummary]
    package var verdict: Verdict
    /// How the generator itself fared; nil where that was not asked, as in a smoke run.
    package var generator: GeneratorVerdict?
    package var sessions: SessionCounts
    package var checks: [CheckSummary]
    package var errors: [ErrorSummary]
    package var closes: [CloseSummary]
    package var metrics: MetricTable
    /// The marks that were set.
    package var marks: [MarkSummary]
    package var missedMeasures: [MissedMeasureSummary]
    package var thresholds: [ThresholdResult]
    /// What the reader should know beside the numbers: conditions that could never be evaluated, dropped log lines.
    package var notices: [String]

    package init(
        planName: String, planFile: String, startedUnixMilliseconds: Int64, durationNanoseconds: Int64,
        seed: UInt64, scenarios: [ScenarioSummary], verdict: Verdict,
        generator: GeneratorVerdict? = nil, sessions: SessionCounts,
        checks: [CheckSummary] = [],
        errors: [ErrorSummary] = [], closes: [CloseSummary] = [], metrics: MetricTable,
        marks: [MarkSummary] = [], missedMeasures: [MissedMeasureSummary] = [], thresholds: [ThresholdResult] = [],
        notices: [String] = []
    ) {
        self.planName = planName
        self.planFile = planFile
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.durationNanoseconds = durationNanoseconds
        self.seed = seed
        self.scenarios = scenarios
        self.verdict = verdict
        self.generator = generator
        self.sessions = sessions
        self.checks = checks
        self.errors = errors
        self.closes = closes
        self.metrics = metrics
        self.marks = marks
        self.missedMeasures = missedMeasures
        self.thresholds = thresholds
        self.notices = notices
    }
}

/// One scenario of a run: where it went, and how much load it made.
package struct ScenarioSummary: Hashable, Sendable {
    /// Whether new sessions wait for earlier ones to end, which hides the waiting of a slow server's users.
    package enum LoadModel: String, Hashable, Sendable {
        /// A virtual user starts its next session when the last one has ended.
        case closed
        /// Sessions start at a given rate, whatever the server does.
        case open
    }

    package var name: String
    /// The template's text, never the rendered one.
    package var url: String
    /// The shape in words, `10 VUs for 30s`.
    package var load: String
    package var model: LoadModel
    /// The most virtual users that run at once.
    package var vus: Int
    /// Arrivals a second that an open load aims at; nil for a closed one, or when they ramp.
    package var targetPerSecond: Double?
    /// What became of the arrivals of an open load; nil for a closed one.
    package var arrivals: ArrivalCounts?
    package var sessions: SessionCounts
    /// Whether there was anything to do for it here: a small load has less than one session for each of many shards.
    package var hasWork: Bool
    /// The kinds of errors in its `expect.errors`.
    package var expectedErrors: Set<String>

    package init(
        name: String, url: String, load: String, model: LoadModel, vus: Int, targetPerSecond: Double? = nil,
        arrivals: ArrivalCounts? = nil, sessions: SessionCounts = SessionCounts(), hasWork: Bool = true,
        expectedErrors: Set<String> = []
    ) {
        self.name = name
        self.url = url
        self.load = load
        self.model = model
        self.vus = vus
        self.targetPerSecond = targetPerSecond
        self.arrivals = arrivals
        self.sessions = sessions
        self.hasWork = hasWork
        self.expectedErrors = expectedErrors
    }
}

/// How often one check passed and failed.
package struct CheckSummary: Hashable, Sendable {
    /// What tells one check from another.
    package struct Key: Hashable, Sendable {
        /// Names are the same when their bytes are, as with all tags.
        private let tags: TagSet

        package init(_ name: String, group: String? = nil, scenario: String) {
            let tags: TagSet = ["check": name, "scenario": scenario]
            self.tags = group.map { tags.with("group", $0) } ?? tags
        }

        package var name: String { tags["check"] ?? "" }
        package var group: String? { tags["group"] }
        package var scenario: String { tags["scenario"] ?? "" }

        /// Whether samples with these tags are among those of this check.
        func selects(_ tags: TagSet) -> Bool { tags.matches(self.tags) && (tags["group"] == nil) == (group == nil) }
    }

    package var key: Key
    package var passes: UInt64
    package var fails: UInt64
    package var firstFailure: FailureInstance?
    /// Whether it failed and thresholds tolerate that.
    package var isTolerated = false

    package init(_ key: Key, passes: UInt64, fails: UInt64, firstFailure: FailureInstance? = nil) {
        self.key = key
        self.passes = passes
        self.fails = fails
        self.firstFailure = firstFailure
    }
}

/// How often errors of one kind happened in one scenario.
package struct ErrorSummary: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        package var kind: String
        package var scenario: String

        package init(_ kind: String, scenario: String) {
            self.kind = kind
            self.scenario = scenario
        }
    }

    package var key: Key
    package var count: UInt64
    /// Whether the scenario's `expect.errors` names this kind, so that it fails no session.
    package var isExpected: Bool
    package var first: FailureInstance?
    /// Whether thresholds tolerate them.
    package var isTolerated = false

    package init(_ key: Key, count: UInt64, isExpected: Bool = false, first: FailureInstance? = nil) {
        self.key = key
        self.count = count
        self.isExpected = isExpected
        self.first = first
    }
}

/// How many sessions ended in one way.
package struct CloseSummary: Hashable, Sendable {
    /// Nil when there was no close frame.
    package var code: Int?
    /// `plan`, `peer`, `timeout`, `load_end` or `error`.
    package var by: String
    package var count: UInt64

    package init(code: Int?, by: String, count: UInt64) {
        self.code = code
        self.by = by
        self.count = count
    }
}
