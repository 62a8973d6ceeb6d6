/// What a verdict is made from.
package struct VerdictFacts: Sendable {
    package enum Signal: Hashable, Sendable {
        case interrupt
        case terminate
    }

    /// Samples that fail a run unless a threshold covers them: a failed check, an error, a failed session.
    package struct Failures: Hashable, Sendable {
        package var metric: MetricDefinition
        package var tags: TagSet
        package var count: UInt64

        package init(_ metric: MetricDefinition, _ tags: TagSet, count: UInt64) {
            self.metric = metric
            self.tags = tags
            self.count = count
        }
    }

    /// What makes the run impossible here, found before it started: file limits, ports, data files.
    package var preflightProblems: [String] = []
    /// Counts that should be equal and are not.
    package var defects: [String] = []
    package var signal: Signal?
    /// Set when the run gave up because no session ever met its expectation.
    package var gaveUpAfterFailedSessions: UInt64?
    package var sessions = SessionCounts()
    /// Scenarios that had something to do and attempted no session.
    package var idleScenarios: [String] = []
    /// Scenarios that attempted sessions, none of which was opened.
    package var unopenedScenarios: [String] = []
    package var failures: [Failures] = []
    package var thresholds: [ThresholdResult] = []
    /// Why the generator and not the server was the bottleneck; empty when it was not.
    package var generatorLimits: [String] = []

    package init() {}
}

extension VerdictFacts.Failures {
    /// The failures of a run: failed checks, failed sessions, and errors but for those that their scenario expects.
    ///
    /// - Parameter expectedErrors: by scenario, the kinds in its `expect.errors`.
    package static func all(
        in snapshot: MetricsSnapshot, expectedErrors: [String: Set<String>] = [:]
    ) -> [VerdictFacts.Failures] {
        var failures: [VerdictFacts.Failures] = []
        for case (let tags, .rate(let checks)) in snapshot.series(of: .checks) where checks.fails > 0 {
            failures.append(.init(.checks, tags, count: checks.fails))
        }
        for case (let tags, .counter(let count)) in snapshot.series(of: .wsErrors) where count > 0 {
            let isExpected = expectedErrors[tags["scenario"] ?? ""]?.contains(tags["kind"] ?? "") ?? false
            if !isExpected { failures.append(.init(.wsErrors, tags, count: UInt64(count))) }
        }
        // A sample of this rate passes when the session failed.
        for case (let tags, .rate(let sessions)) in snapshot.series(of: .wsSessionFailed) where sessions.passes > 0 {
            failures.append(.init(.wsSessionFailed, tags, count: sessions.passes))
        }
        return failures
    }
}
