import LoadMetrics
import Testing

/// The facts of a run of ten sessions in which nothing went wrong, changed.
private func facts(_ change: (inout VerdictFacts) throws -> Void) rethrows -> VerdictFacts {
    var facts = VerdictFacts()
    facts.sessions = SessionCounts(attempted: 10, opened: 10, met: 10)
    try change(&facts)
    return facts
}

extension VerdictFacts {
    /// A session that failed by a failed check.
    fileprivate mutating func failCheck(_ check: String = "a", scenario: String = "main") {
        sessions.failed += 1
        failures.append(.init(.checks, ["check": check, "scenario": scenario], count: 1))
        failures.append(.init(.wsSessionFailed, ["scenario": scenario], count: 1))
    }

    /// A session that failed by an error.
    fileprivate mutating func failError(_ kind: String = "reset", scenario: String = "main") {
        sessions.failed += 1
        failures.append(.init(.wsErrors, ["kind": kind, "scenario": scenario], count: 1))
        failures.append(.init(.wsSessionFailed, ["scenario": scenario], count: 1))
    }

    /// A session that failed, and nothing says why.
    fileprivate mutating func failSession() {
        sessions.failed += 1
        failures.append(.init(.wsSessionFailed, ["scenario": "main"], count: 1))
    }

    fileprivate mutating func judged(_ selector: String, _ condition: String, _ outcome: ThresholdResult.Outcome) throws
    {
        thresholds.append(
            ThresholdResult(try threshold(selector, condition), value: nil, sampleCount: 1, outcome: outcome))
    }
}

@Test func aRunInWhichNothingWentWrongPasses() {
    let verdict = Verdict(of: facts { _ in })
    #expect(verdict.outcome == .passed)
    #expect(verdict.exitCode == 0)
    #expect(verdict.reasons.isEmpty)
}

@Test func everyGroundHasItsExitCode() {
    let codes = Verdict.Ground.allCases.map(\.exitCode)
    #expect(codes == [2, 3, 70, 130, 143, 1, 4, 1, 3, 0])
}

/// Each change makes the run worse than all that follow it.
@Test func theFirstGroundThatAppliesDecides() throws {
    let changes: [(Int32, Verdict.Outcome, (inout VerdictFacts) throws -> Void)] = [
        (3, .couldNotRun, { $0.preflightProblems = ["ports"] }),
        (70, .defect, { $0.defects = ["sent 3, counted 2"] }),
        (143, .interrupted, { $0.signal = .terminate }),
        (1, .failed, { $0.failCheck() }),
        (4, .inconclusive, { $0.generatorLimits = ["loop lag"] }),
        (1, .failed, { try $0.judged("ws_ping", "max < 1s", .failed) }),
    ]
    for first in changes.indices {
        let verdict = Verdict(of: try facts { for change in changes[first...] { try change.2(&$0) } })
        #expect(verdict.exitCode == changes[first].0, "from change \(first) on")
        #expect(verdict.outcome == changes[first].1, "from change \(first) on")
    }
    #expect(Verdict(of: facts { $0.signal = .interrupt }).exitCode == 130)
    #expect(Verdict(of: facts { $0.generatorLimits = ["loop lag"] }).exitCode == 0)
}

@Test func aReportThatCannotBeWrittenCountsLast() throws {
    let reason = Verdict.Reason(.reportNotWritten, "cannot write out.json")
    #expect(Verdict(of: facts { _ in }).with(reason).exitCode == 3)
    #expect(Verdict(of: try facts { try $0.judged("ws_ping", "max < 1s", .failed) }).with(reason).exitCode == 1)
}

@Test func severalPlansHaveTheExitCodeOfTheFirstGround() {
    let verdicts = Verdict.Ground.allCases.map { ground in
        Verdict(reasons: ground == .passed ? [] : [.init(ground, "")])
    }
    for first in verdicts.indices {
        #expect(Verdict.exitCode(of: verdicts[first...].reversed()) == Verdict.Ground.allCases[first].exitCode)
    }
    #expect(Verdict.exitCode(of: []) == 0)
}

/// plan-language.md §6, of one run and of several.
@Test func ofTwoGroundsTheFirstOfTheOrderDecides() {
    let order: [(Verdict.Ground, Int32)] = [
        (.invalid, 2), (.couldNotRun, 3), (.defect, 70), (.interrupted, 130), (.terminated, 143), (.expectation, 1),
        (.inconclusive, 4), (.threshold, 1), (.reportNotWritten, 3), (.passed, 0),
    ]
    func reasons(_ ground: Verdict.Ground) -> [Verdict.Reason] {
        ground == .passed ? [] : [.init(ground, "\(ground)")]
    }
    for (index, (earlier, exitCode)) in order.enumerated() {
        for (later, _) in order[index...] {
            #expect(Verdict(reasons: reasons(later) + reasons(earlier)).exitCode == exitCode, "\(earlier), \(later)")
            let runs = [later, earlier].map { Verdict(reasons: reasons($0)) }
            #expect(Verdict.exitCode(of: runs) == exitCode, "\(earlier), \(later)")
        }
    }
}

@Test func windowsAndAbortsAreNamed() throws {
    var windowed = ThresholdResult(
        try threshold("ws_ping", "max < 1s"), value: nil, sampleCount: 0, outcome: .noSamples)
    windowed.threshold.windowNanoseconds = 30_000_000_000
    (windowed.windowCount, windowed.failedWindowCount) = (4, 2)
    var aborted = ThresholdResult(try threshold("ws_errors", "count < 3"), value: nil, sampleCount: 3, outcome: .failed)
    aborted.abortedAtNanoseconds = 12_000_000_000
    let verdict = Verdict(of: facts { $0.thresholds = [windowed, aborted] })
    #expect(
        verdict.reasons.map(\.text) == [
            "threshold ws_ping: max < 1s, in every 30s (failed in 2 of 4 windows, in one of them no samples)",
            "threshold ws_errors: count < 3 (ended the run after 12s)",
        ])
}

@Test func reasonsAreInWordsAndInOrder() throws {
    let verdict = Verdict(
        of: try facts {
            try $0.judged("ws_ping", "max < 1s", .noSamples)
            $0.failCheck()
            $0.failCheck()
            $0.failError()
            $0.gaveUpAfterFailedSessions = 10
        })
    #expect(
        verdict.reasons.map(\.text) == [
            "gave up after 10 failed sessions, since none met its expectation", "3 of 10 sessions failed",
            "1 error: reset", "2 failed checks: a", "threshold ws_ping: max < 1s (no samples)",
        ])
}

@Test func reasonsNameTheMostFrequentChecksAndErrors() {
    let verdict = Verdict(
        of: facts {
            for check in ["e", "b", "d", "b", "c", "b"] { $0.failCheck(check) }
            // The same name in another scenario.
            $0.failError("reset", scenario: "other")
            for kind in ["timeout", "reset"] { $0.failError(kind) }
        })
    #expect(
        verdict.reasons.map(\.text) == [
            "9 of 10 sessions failed", "3 errors: reset (2), timeout (1)",
            "6 failed checks: b (3), c (1), d (1), 1 more",
        ])
}

@Test(arguments: [
    (SessionCounts(), "no session was attempted"),
    (SessionCounts(attempted: 3, failed: 0), "no session was opened"),
    (SessionCounts(attempted: 3, opened: 0, met: 3), nil),  // Each was refused as it should be.
    (SessionCounts(attempted: 3, opened: 1), nil),
])
func sessionsHaveToOpen(_ sessions: SessionCounts, _ reason: String?) {
    let verdict = Verdict(of: facts { $0.sessions = sessions })
    #expect(verdict.reasons.first?.text == reason)
    #expect(verdict.exitCode == (reason == nil ? 0 : 1))
}

/// What went wrong, a threshold that holds, and the exit code.
@Test func thresholdsReplaceZeroToleranceForWhatTheySelect() throws {
    let table: [(selector: String, condition: String, failure: (inout VerdictFacts) -> Void, exitCode: Int32)] = [
        ("checks", "rate > 50%", { $0.failCheck() }, 0),
        ("checks{check=a}", "rate > 50%", { $0.failCheck("a") }, 0),
        ("checks{check=a}", "rate > 50%", { $0.failCheck("b") }, 1),
        ("checks", "rate > 50%", { $0.failError() }, 1),
        ("ws_errors", "count < 5", { $0.failError() }, 0),
        ("ws_errors{kind=reset}", "count < 5", { $0.failError("tls") }, 1),
        ("ws_errors", "count < 5", { $0.failCheck() }, 1),
        ("ws_session_failed", "rate < 5%", { $0.failCheck() }, 0),
        ("ws_session_failed", "rate < 5%", { $0.failError() }, 0),
        ("ws_session_failed", "rate < 5%", { $0.failSession() }, 0),
        ("ws_session_failed{scenario=main}", "rate < 5%", { $0.failError(scenario: "other") }, 1),
        ("checks", "rate > 50%", { $0.failSession() }, 1),
        ("ws_ping", "max < 1s", { $0.failCheck() }, 1),
        ("ws_session_failed", "rate < 100%", { $0.gaveUpAfterFailedSessions = 10 }, 1),
        ("ws_session_failed", "rate <= 100%", { $0.sessions = SessionCounts(attempted: 3, failed: 3) }, 1),
    ]
    for (selector, condition, failure, exitCode) in table {
        let facts = try facts {
            try $0.judged(selector, condition, .passed)
            failure(&$0)
        }
        #expect(Verdict(of: facts).exitCode == exitCode, "\(selector): \(condition)")
    }
}

@Test func failuresComeFromTheSnapshot() {
    let recorder = MetricsRecorder()
    let main: TagSet = ["scenario": "main"]
    recorder.fail(recorder.series(.checks, main.with("check", "a")))
    recorder.pass(recorder.series(.checks, main.with("check", "b")))
    recorder.add(recorder.series(.wsErrors, main.with("kind", "reset")), 2)
    recorder.add(recorder.series(.wsErrors, main.with("kind", "refused")), 5)
    recorder.pass(recorder.series(.wsSessionFailed, main))
    recorder.fail(recorder.series(.wsSessionFailed, ["scenario": "other"]))
    let failures = VerdictFacts.Failures.all(in: recorder.snapshot(), expectedErrors: ["main": ["refused"]])
    #expect(
        failures == [
            .init(.checks, main.with("check", "a"), count: 1), .init(.wsErrors, main.with("kind", "reset"), count: 2),
            .init(.wsSessionFailed, main, count: 1),
        ])
}
