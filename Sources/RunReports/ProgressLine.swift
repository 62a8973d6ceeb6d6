package import LoadMetrics

/// How a run stands, in a line for people: `12.4s: 10 VUs, 9 sessions open, 1234 messages/s, 0 errors`.
package struct ProgressLine: Sendable {
    /// Messages a second are those of the last second, or since the line before where that is longer ago.
    private static let spanNanoseconds: Int64 = 1_000_000_000

    /// What the rate is taken from, the oldest first: the run's beginning at first.
    private var history = [RunProgress()]

    package init() {}

    /// - Parameter width: in columns; what is beyond is cut off.
    package mutating func text(for progress: RunProgress, width: Int = .max) -> String {
        history.append(progress)
        let earliest = progress.sinceStartNanoseconds - Self.spanNanoseconds
        while history.count > 2, history[1].sinceStartNanoseconds <= earliest { history.removeFirst() }
        let rate = Quantity.perSecond(
            Double(progress.messages - history[0].messages),
            in: progress.sinceStartNanoseconds - history[0].sinceStartNanoseconds)
        let time = NumberFormat.time(Double(progress.sinceStartNanoseconds))
        let text = """
            \(time): \(counted(progress.vus, "VU")), \(counted(progress.openSessions, "session")) open, \
            \(NumberFormat.significant(rate)) messages/s, \(counted(progress.errors, "error"))
            """
        return String(text.prefix(width))
    }

    private func counted(_ count: Int64, _ noun: String) -> String { "\(count) \(noun)" + (count == 1 ? "" : "s") }
}
