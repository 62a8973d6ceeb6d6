/// What a run did in the last second that is over, all scenarios together: what a line on a terminal says of it.
package struct LatestStep: Hashable, Sendable {
    /// Its end, since the run began; 0 before the first second is over.
    package private(set) var endNanoseconds: Int64 = 0
    package private(set) var messagesSent = 0.0
    package private(set) var messagesReceived = 0.0
    /// Since the run began.
    package private(set) var errors = 0.0
    package private(set) var failedSessions: UInt64 = 0

    private var sent = 0.0
    private var received = 0.0

    /// Adds the slice behind the last one.
    mutating func append(_ tracks: [SeriesKey: SeriesData], of slice: Range<Int64>) {
        for (key, data) in tracks where key.isOfScenario {
            switch (key.metric.name, data) {
            case (MetricDefinition.wsMsgsSent.name, .counter(let count)): sent += Double(count)
            case (MetricDefinition.wsMsgsReceived.name, .counter(let count)): received += Double(count)
            case (MetricDefinition.wsErrors.name, .counter(let count)): errors += Double(count)
            case (MetricDefinition.wsSessionFailed.name, .rate(let rate)): failedSessions += rate.passes
            default: break
            }
        }
        guard slice.upperBound.isMultiple(of: SliceSchedule.stepNanoseconds) else { return }
        endNanoseconds = slice.upperBound
        (messagesSent, messagesReceived) = (sent, received)
        (sent, received) = (0, 0)
    }
}

extension SeriesKey {
    /// Whether this is the track of a metric in one scenario, and not that of a threshold, which overlaps with it.
    fileprivate var isOfScenario: Bool { tags.tags.count == 1 && tags["scenario"] != nil }
}
