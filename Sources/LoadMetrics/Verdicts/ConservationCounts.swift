/// What one scenario has counted in more than one way, in places that do not know of each other. At the end of a run all of
/// it has to agree, or no figure is to be trusted (exit code 70).
package struct ConservationCounts: Hashable, Sendable {
    /// What the metrics of the scenario have.
    package struct Samples: Hashable, Sendable {
        package var sessions: UInt64 = 0
        package var iterations: UInt64 = 0
        /// Samples of `ws_session_failed` that say so, and those that do not.
        package var sessionsFailed: UInt64 = 0
        package var sessionsNotFailed: UInt64 = 0
        package var connects: UInt64 = 0
        package var closes: UInt64 = 0
        package var sessionDurations: UInt64 = 0
        package var droppedIterations: UInt64 = 0
        package var messagesSent: UInt64 = 0
        package var messagesReceived: UInt64 = 0

        package init() {}
    }

    /// What went through the sockets.
    package struct Wire: Hashable, Sendable {
        package var messagesSent: UInt64
        package var messagesReceived: UInt64
        /// Of those received, how many were for a session that was given up.
        package var messagesForNobody: UInt64

        package init(messagesSent: UInt64 = 0, messagesReceived: UInt64 = 0, messagesForNobody: UInt64 = 0) {
            self.messagesSent = messagesSent
            self.messagesReceived = messagesReceived
            self.messagesForNobody = messagesForNobody
        }
    }

    package var scenario: String
    /// How many arrivals or iterations its load has, which went to its end; nil where it did not, or time alone limits it.
    package var planned: UInt64?
    package var sessions: SessionCounts
    /// Sessions that were never established.
    package var unopened: UInt64
    /// Sessions that were cut short before they had met their expectation or failed.
    package var cut: UInt64
    /// Virtual users that run, and sessions that are open, now that nothing runs.
    package var usersLeft: Int64
    package var sessionsLeft: Int64
    /// Nil for a closed load.
    package var arrivals: ArrivalCounts?
    package var marks: [MarkSummary]
    package var awaits: AwaitCounts
    package var wire: Wire
    /// Nil where there were too many tag sets to know which samples are the scenario's.
    package var samples: Samples?

    package init(
        scenario: String, planned: UInt64? = nil, sessions: SessionCounts = SessionCounts(), unopened: UInt64 = 0,
        cut: UInt64 = 0,
        usersLeft: Int64 = 0, sessionsLeft: Int64 = 0, arrivals: ArrivalCounts? = nil, marks: [MarkSummary] = [],
        awaits: AwaitCounts = AwaitCounts(),
        wire: Wire = Wire(), samples: Samples? = nil
    ) {
        self.scenario = scenario
        self.planned = planned
        self.sessions = sessions
        self.unopened = unopened
        self.cut = cut
        self.usersLeft = usersLeft
        self.sessionsLeft = sessionsLeft
        self.arrivals = arrivals
        self.marks = marks
        self.awaits = awaits
        self.wire = wire
        self.samples = samples
    }

    /// Everything that has to add up.
    package var balances: [Balance] {
        var balances = [
            Balance(
                "sessions attempted", sessions.attempted,
                [.init("opened", sessions.opened), .init("never opened", unopened)]),
            Balance(
                "sessions attempted", sessions.attempted,
                [
                    .init("met their expectation", sessions.met), .init("failed", sessions.failed),
                    .init("cut short", cut),
                ]),
        ]
        if let planned {
            balances.append(
                arrivals.map { Balance("arrivals planned", planned, [.init("due", $0.due)]) }
                    ?? Balance("iterations planned", planned, [.init("sessions attempted", sessions.attempted)]))
        }
        balances.append(
            Balance(
                "awaits begun", awaits.begun,
                [
                    .init("met", awaits.met), .init("passed over", awaits.passedOver), .init("failed", awaits.failed),
                    .init("left by the end of their session", awaits.left),
                ]))
        if let arrivals {
            balances += [
                Balance(
                    "arrivals due", arrivals.due,
                    [
                        .init("started", arrivals.started), .init("dropped", arrivals.dropped),
                        .init("without a row", arrivals.withoutRow),
                    ]),
                Balance("arrivals started", arrivals.started, [.init("sessions attempted", sessions.attempted)]),
            ]
        }
        balances += marks.map { mark in
            Balance(
                "marks '\(mark.key)' set", mark.set,
                [
                    .init("measured", mark.measured), .init("replaced", mark.replaced),
                    .init("never measured", mark.neverMeasured), .init("cut short", mark.cut),
                ])
        }
        guard let samples else { return balances }
        balances += [
            Balance("sessions attempted", sessions.attempted, [.init("counted by ws_sessions", samples.sessions)]),
            Balance("sessions attempted", sessions.attempted, [.init("counted by iterations", samples.iterations)]),
            Balance("sessions failed", sessions.failed, [.init("in ws_session_failed", samples.sessionsFailed)]),
            Balance(
                "sessions met their expectation or were cut short", sessions.met + cut,
                [.init("in ws_session_failed", samples.sessionsNotFailed)]),
            Balance("sessions opened", sessions.opened, [.init("in ws_connecting", samples.connects)]),
            Balance("sessions opened", sessions.opened, [.init("counted by ws_closes", samples.closes)]),
            Balance("sessions opened", sessions.opened, [.init("in ws_session_duration", samples.sessionDurations)]),
            Balance("messages sent", wire.messagesSent, [.init("counted by ws_msgs_sent", samples.messagesSent)]),
            Balance(
                "messages received", wire.messagesReceived,
                [
                    .init("counted by ws_msgs_received", samples.messagesReceived),
                    .init("for sessions that were given up", wire.messagesForNobody),
                ]),
            Balance(
                "arrivals dropped", arrivals?.dropped ?? 0,
                [.init("counted by dropped_iterations", samples.droppedIterations)]),
        ]
        return balances
    }

    /// What does not add up, in words; empty where all does.
    package var defects: [String] {
        var defects = balances.compactMap(\.defect)
        if usersLeft != 0 { defects.append("\(usersLeft) virtual users run after the end") }
        if sessionsLeft != 0 { defects.append("\(sessionsLeft) sessions are open after the end") }
        return defects.map { "the counts of '\(scenario)' do not add up: \($0)" }
    }
}

extension ConservationCounts.Samples {
    /// Those of one scenario; nil where some may be found under `TagSet.overflow` only.
    package init?(of scenario: String, in snapshot: MetricsSnapshot) {
        guard snapshot.folded.isEmpty else { return nil }
        let selector: TagSet = ["scenario": scenario]
        func count(_ metric: MetricDefinition) -> UInt64 { UInt64(clamping: snapshot.counter(metric, selector)) }
        self.init()
        sessions = count(.wsSessions)
        iterations = count(.iterations)
        let failed = snapshot.rate(.wsSessionFailed, selector) ?? RateData()
        sessionsFailed = failed.passes
        sessionsNotFailed = failed.fails
        connects = UInt64(clamping: snapshot.trend(.wsConnecting, selector)?.count ?? 0)
        closes = count(.wsCloses)
        sessionDurations = UInt64(clamping: snapshot.trend(.wsSessionDuration, selector)?.count ?? 0)
        droppedIterations = count(.droppedIterations)
        messagesSent = count(.wsMsgsSent)
        messagesReceived = count(.wsMsgsReceived)
    }
}
