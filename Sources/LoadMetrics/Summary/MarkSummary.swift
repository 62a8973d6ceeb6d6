/// What became of the marks of one text in one scenario: every one that was set was measured, replaced, never measured or
/// cut short.
package struct MarkSummary: Hashable, Sendable {
    /// The key as the plan writes it: `request-${message.json.id}`.
    package var key: String
    package var scenario: String
    package var set: UInt64
    /// Taken away by a `measure`.
    package var measured: UInt64
    /// Set again while it ran, and so started anew.
    package var replaced: UInt64
    /// Still running when its session ended.
    package var neverMeasured: UInt64
    /// The same, where it was the end of the load that ended the session.
    package var cut: UInt64

    package init(
        key: String, scenario: String, set: UInt64, measured: UInt64, replaced: UInt64, neverMeasured: UInt64,
        cut: UInt64
    ) {
        self.key = key
        self.scenario = scenario
        self.set = set
        self.measured = measured
        self.replaced = replaced
        self.neverMeasured = neverMeasured
        self.cut = cut
    }
}

/// Why a metric got no sample: of one metric, and of one thing to measure from.
package struct MissedMeasureSummary: Hashable, Sendable {
    /// What would have had the sample: a metric, or a part of one.
    package var metric: MetricSelector
    /// The key of the mark, or the expression of the time, as the plan writes it.
    package var since: String
    package var scenario: String
    /// No mark of that key was running: it was never set, or has been measured.
    package var withoutMark: UInt64
    /// The time lay after now: clocks differ.
    package var inFuture: UInt64

    package init(metric: MetricSelector, since: String, scenario: String, withoutMark: UInt64, inFuture: UInt64) {
        self.metric = metric
        self.since = since
        self.scenario = scenario
        self.withoutMark = withoutMark
        self.inFuture = inFuture
    }
}
