extension RunRecord {
    /// Adds to the defects what does not add up in the counts that a result keeps, which a run has counted apart: a result that
    /// was merged, or changed after it was written, is held to what every run is held to.
    package mutating func recount() {
        let snapshot = measurements.snapshot
        for scenario in scenarios {
            let marks = marks.filter { $0.scenario == scenario.name }
            let counts = ConservationCounts(of: scenario, marks: marks, in: snapshot)
            defects += counts.defects.filter { !defects.contains($0) }
        }
    }
}

extension ConservationCounts {
    /// What a result has counted more than once. The frames on the wire and the awaits are not in it twice.
    fileprivate init(of scenario: ScenarioSummary, marks: [MarkSummary], in snapshot: MetricsSnapshot) {
        let sessions = scenario.sessions
        let ended = sessions.met.addingReportingOverflow(sessions.failed)
        let samples = Samples(of: scenario.name, in: snapshot)
        self.init(
            scenario: scenario.name, sessions: sessions,
            unopened: sessions.attempted - min(sessions.opened, sessions.attempted),
            cut: ended.overflow ? 0 : sessions.attempted - min(ended.partialValue, sessions.attempted),
            arrivals: scenario.arrivals, marks: marks,
            wire: Wire(
                messagesSent: samples?.messagesSent ?? 0, messagesReceived: samples?.messagesReceived ?? 0),
            samples: samples)
    }
}
