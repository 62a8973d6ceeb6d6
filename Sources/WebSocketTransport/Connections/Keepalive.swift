/// How a connection finds out that its peer is still there: by pings of its own, and by nothing but their pongs.
package struct Keepalive: Hashable, Sendable {
    /// From one ping to the next.
    package var intervalNanoseconds: Int64
    /// From a ping to its pong.
    package var timeoutNanoseconds: Int64

    package init(intervalNanoseconds: Int64, timeoutNanoseconds: Int64) {
        precondition(intervalNanoseconds > 0 && timeoutNanoseconds > 0, "a keepalive without time")
        self.intervalNanoseconds = intervalNanoseconds
        self.timeoutNanoseconds = timeoutNanoseconds
    }
}

/// The pings that keep one connection alive: when the next is due, and which of them have no pong yet. No input or
/// output, and no memory but its own.
package struct KeepaliveState {
    package let keepalive: Keepalive
    /// When the next ping is due. The times lie on a grid that begins when the connection opens: connections that opened
    /// apart ping apart, and go on to do so after the loop was held up.
    package private(set) var nextPingNanoseconds: Int64
    /// When the latest ping was sent; at first, when the connection opened.
    private var latestPingNanoseconds: Int64
    /// When the oldest ping without a pong was sent; `max` where all have one.
    private var oldestPingNanoseconds = Int64.max
    /// The pong is late, and so many bytes that were there in time are still to be read before it is judged to be missing.
    var unreadInTime = 0

    package init(_ keepalive: Keepalive, openedNanoseconds: Int64) {
        self.keepalive = keepalive
        latestPingNanoseconds = openedNanoseconds
        nextPingNanoseconds = openedNanoseconds.addingSaturated(keepalive.intervalNanoseconds)
    }

    /// When the oldest ping without a pong is too old.
    private var deadlineNanoseconds: Int64 {
        oldestPingNanoseconds.addingSaturated(keepalive.timeoutNanoseconds)
    }

    /// When there is something to do next.
    package var dueNanoseconds: Int64 { min(nextPingNanoseconds, deadlineNanoseconds) }

    package var isWaitingForPong: Bool { oldestPingNanoseconds != .max }

    package func isOverdue(atNanoseconds now: Int64) -> Bool { isWaitingForPong && now >= deadlineNanoseconds }

    /// A ping has been sent. Those that were due meanwhile are left out: one is as good as several.
    package mutating func pinged(atNanoseconds now: Int64) {
        latestPingNanoseconds = now
        oldestPingNanoseconds = min(oldestPingNanoseconds, now)
        skipPing(atNanoseconds: now)
    }

    /// No ping is sent this time.
    package mutating func skipPing(atNanoseconds now: Int64) {
        let late = max(0, now - nextPingNanoseconds)
        let steps = late / keepalive.intervalNanoseconds + 1
        let (advance, overflow) = steps.multipliedReportingOverflow(by: keepalive.intervalNanoseconds)
        nextPingNanoseconds = nextPingNanoseconds.addingSaturated(overflow ? .max : advance)
    }

    /// A pong has come for a ping of that time, be it one of these or the plan's: it answers all that went out before
    /// (RFC 6455 §5.5.3).
    package mutating func answered(pingOfNanoseconds sent: Int64) {
        guard sent >= oldestPingNanoseconds else { return }
        // Of several without a pong only the first and the last have their time kept. The one behind `sent` went out an
        // interval later.
        let next = sent.addingSaturated(keepalive.intervalNanoseconds)
        oldestPingNanoseconds = sent >= latestPingNanoseconds ? .max : min(next, latestPingNanoseconds)
    }
}
