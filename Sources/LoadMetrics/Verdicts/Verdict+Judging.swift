import Diagnostics
import Quantities

extension Verdict {
    /// Judges a run. Nothing but `facts` counts; the reasons say everything that applies, the deciding one first.
    package init(of facts: VerdictFacts) {
        var reasons: [Reason] = []
        reasons += facts.preflightProblems.map { Reason(.couldNotRun, $0) }
        reasons += facts.defects.map { Reason(.defect, $0) }
        switch facts.signal {
        case .interrupt: reasons.append(Reason(.interrupted, "interrupted (SIGINT)"))
        case .terminate: reasons.append(Reason(.terminated, "terminated (SIGTERM)"))
        case nil: break
        }
        if facts.preflightProblems.isEmpty {
            reasons += Self.expectations(facts).map { Reason(.expectation, $0) }
        }
        let failed = facts.thresholds.filter { $0.outcome != .passed }
        if !failed.isEmpty {
            reasons += facts.generatorLimits.map { Reason(.inconclusive, "the generator was the bottleneck: \($0)") }
        }
        reasons += failed.map { result in
            Reason(
                .threshold,
                "threshold \(result.threshold.selector): \(result.threshold.inWords)" + Self.notes(on: result))
        }
        self.init(reasons: reasons)
    }

    /// What a reason says of a threshold that failed, beside its rule.
    private static func notes(on result: ThresholdResult) -> String {
        var notes: [String] = []
        if let count = result.windowCount {
            if count == 0 { notes.append("no window was full") }
            if result.failedWindowCount > 0 {
                notes.append("failed in \(result.failedWindowCount) of \(count) windows")
            }
            if result.outcome == .noSamples, count > 0 { notes.append("in one of them no samples") }
            if let rest = result.failedRestInWords { notes.append("failed \(rest)") }
        } else if result.outcome == .noSamples {
            notes.append(result.windowsInWords ?? "no samples")
        }
        if let time = result.abortedAtNanoseconds {
            notes.append("ended the run after \(DurationText.text(ofNanoseconds: time))")
        }
        return notes.isEmpty ? "" : " (" + notes.joined(separator: ", ") + ")"
    }

    private static func expectations(_ facts: VerdictFacts) -> [String] {
        var problems: [String] = []
        if facts.sessions.attempted == 0 {
            problems.append("no session was attempted")
        } else if facts.sessions.haveTestedNothing {
            problems.append("no session was opened")
        } else {
            problems += facts.unopenedScenarios.map { "no session of the scenario '\($0)' was opened" }
        }
        if facts.sessions.attempted > 0 {
            problems += facts.idleScenarios.map { "the scenario '\($0)' never started: it attempted no session" }
        }
        if let count = facts.gaveUpAfterFailedSessions {
            problems.append("gave up after \(counted(count, "failed session")), since none met its expectation")
        }
        let counting = facts.countingFailures
        let of = { (metric: MetricDefinition) in counting.filter { $0.metric.name == metric.name } }
        let sessions = of(.wsSessionFailed).reduce(0) { $0 + $1.count }
        if sessions > 0 { problems.append("\(sessions) of \(counted(facts.sessions.attempted, "session")) failed") }
        problems += inWords(of(.wsErrors), "error", by: "kind")
        problems += inWords(of(.checks), "failed check", by: "check")
        return problems
    }

    /// `3 errors: refused (2), timeout (1)`, the most frequent first; nothing where there is none.
    private static func inWords(_ failures: [VerdictFacts.Failures], _ noun: String, by tag: String) -> [String] {
        guard !failures.isEmpty else { return [] }
        let shown = 3
        var counts: [TagSet: UInt64] = [:]
        for failure in failures { counts[[tag: failure.tags[tag] ?? ""], default: 0] += failure.count }
        let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var names = ordered.prefix(shown).map { tags, count in
            (tags[tag] ?? "") + (ordered.count == 1 ? "" : " (\(count))")
        }
        if ordered.count > shown { names.append("\(ordered.count - shown) more") }
        let total = counts.values.reduce(0, +)
        return ["\(counted(total, noun)): " + names.joined(separator: ", ")]
    }

    private static func counted(_ count: UInt64, _ noun: String) -> String {
        "\(count) \(noun)" + (count == 1 ? "" : "s")
    }
}

extension VerdictFacts {
    /// The failures that fail the run: those that no threshold tolerates.
    var countingFailures: [Failures] {
        failures.filter { failure in
            guard !thresholds.contains(where: { $0.threshold.covers(failure) }) else { return false }
            guard failure.metric.name == MetricDefinition.wsSessionFailed.name else { return true }
            // Checks and errors fail a session. Where thresholds cover all of those, they cover the session too.
            let causes = failures.filter { $0.metric.name != failure.metric.name && $0.tags.matches(failure.tags) }
            return causes.isEmpty
                || causes.contains { cause in !thresholds.contains { $0.threshold.covers(cause) } }
        }
    }
}
