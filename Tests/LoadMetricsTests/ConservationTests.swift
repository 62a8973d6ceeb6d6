import LoadMetrics
import Testing

@Suite struct ConservationTests {
    /// The counts of a run in which every way to end has occurred, and all of which agree.
    private static var sound: ConservationCounts {
        var samples = ConservationCounts.Samples()
        samples.sessions = 10
        samples.iterations = 10
        samples.sessionsFailed = 3
        samples.sessionsNotFailed = 7
        samples.connects = 8
        samples.closes = 8
        samples.sessionDurations = 8
        samples.droppedIterations = 4
        samples.messagesSent = 100
        samples.messagesReceived = 98
        return ConservationCounts(
            scenario: "main", planned: 15, sessions: SessionCounts(attempted: 10, opened: 8, failed: 3, met: 6),
            unopened: 2, cut: 1,
            arrivals: ArrivalCounts(due: 15, started: 10, dropped: 4, withoutRow: 1),
            marks: [
                MarkSummary(
                    key: "a", scenario: "main", set: 10, measured: 4, replaced: 3, neverMeasured: 2, cut: 1)
            ],
            awaits: AwaitCounts(begun: 10, met: 5, passedOver: 1, failed: 3, left: 1),
            wire: .init(messagesSent: 100, messagesReceived: 99, messagesForNobody: 1), samples: samples)
    }

    @Test func whatAddsUpIsNoDefect() {
        #expect(Self.sound.defects == [])
        #expect(ConservationCounts(scenario: "of nothing").defects == [])
    }

    typealias Change = @Sendable (inout ConservationCounts) -> Void

    private static let changes: [(Change, String)] = [
        ({ $0.unopened = 1 }, "10 sessions attempted, but 8 opened + 1 never opened = 9"),
        (
            {
                $0.sessions.failed = 2
                $0.samples?.sessionsFailed = 2
            },
            "10 sessions attempted, but 6 met their expectation + 2 failed + 1 cut short = 9"
        ),
        (
            {
                $0.planned = 16
                $0.arrivals?.due = 16
            },
            "16 arrivals due, but 10 started + 4 dropped + 1 without a row = 15"
        ),
        ({ $0.planned = 16 }, "16 arrivals planned, but 15 due"),
        (
            {
                $0.planned = 11
                $0.arrivals = nil
                $0.samples?.droppedIterations = 0
            },
            "11 iterations planned, but 10 sessions attempted"
        ),
        (
            { $0.marks[0].measured = 5 },
            "10 marks 'a' set, but 5 measured + 3 replaced + 2 never measured + 1 cut short = 11"
        ),
        (
            { $0.awaits.met = 4 },
            "10 awaits begun, but 4 met + 1 passed over + 3 failed + 1 left by the end of their session = 9"
        ),
        ({ $0.samples?.sessions = 11 }, "10 sessions attempted, but 11 counted by ws_sessions"),
        ({ $0.samples?.iterations = 9 }, "10 sessions attempted, but 9 counted by iterations"),
        ({ $0.samples?.sessionsFailed = 4 }, "3 sessions failed, but 4 in ws_session_failed"),
        (
            { $0.samples?.sessionsNotFailed = 6 },
            "7 sessions met their expectation or were cut short, but 6 in ws_session_failed"
        ),
        ({ $0.samples?.connects = 7 }, "8 sessions opened, but 7 in ws_connecting"),
        ({ $0.samples?.closes = 7 }, "8 sessions opened, but 7 counted by ws_closes"),
        ({ $0.samples?.sessionDurations = 9 }, "8 sessions opened, but 9 in ws_session_duration"),
        ({ $0.samples?.messagesSent = 99 }, "100 messages sent, but 99 counted by ws_msgs_sent"),
        (
            { $0.samples?.messagesReceived = 99 },
            "99 messages received, but 99 counted by ws_msgs_received + 1 for sessions that were given up = 100"
        ),
        ({ $0.samples?.droppedIterations = 3 }, "4 arrivals dropped, but 3 counted by dropped_iterations"),
        ({ $0.usersLeft = 1 }, "1 virtual users run after the end"),
        ({ $0.sessionsLeft = -1 }, "-1 sessions are open after the end"),
    ]

    @Test(arguments: changes.indices) func whatDoesNotAddUpIsNamed(_ index: Int) {
        var counts = Self.sound
        Self.changes[index].0(&counts)
        #expect(counts.defects == ["the counts of 'main' do not add up: \(Self.changes[index].1)"])
    }

    /// With too many tag sets, samples of the scenario may be where its name is not.
    @Test func withoutSamplesTheOthersAreComparedStill() {
        var counts = Self.sound
        counts.samples = nil
        #expect(counts.defects == [])
        counts.unopened = 3
        #expect(counts.defects.count == 1)
    }

    @Test func aDefectDecidesBeforeEverythingThatWasMeasured() {
        var facts = VerdictFacts()
        facts.sessions = SessionCounts(attempted: 10, opened: 10, failed: 1, met: 9)
        facts.defects = ["the counts of 'main' do not add up"]
        facts.signal = .interrupt
        #expect(Verdict(of: facts).exitCode == 70)
    }

    @Test func aScenarioThatDidNothingIsNotPassed() {
        var facts = VerdictFacts()
        facts.sessions = SessionCounts(attempted: 10, opened: 10, met: 10)
        facts.idleScenarios = ["late"]
        let verdict = Verdict(of: facts)
        #expect(verdict.exitCode == 1)
        #expect(verdict.reasons.map(\.text) == ["the scenario 'late' never started: it attempted no session"])
    }

    /// Where none was opened at all, that is the reason.
    @Test func aScenarioOfWhichNothingWasOpenedIsNotPassed() {
        var facts = VerdictFacts()
        facts.unopenedScenarios = ["deaf"]
        for (opened, reason) in [(10, "no session of the scenario 'deaf' was opened"), (0, "no session was opened")] {
            facts.sessions = SessionCounts(attempted: 20, opened: UInt64(opened), met: UInt64(opened))
            let verdict = Verdict(of: facts)
            #expect(verdict.exitCode == 1)
            #expect(verdict.reasons.map(\.text) == [reason])
        }
    }
}
