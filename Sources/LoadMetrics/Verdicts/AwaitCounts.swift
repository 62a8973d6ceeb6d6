/// What became of the awaits of a scenario. Each is one of the last four.
package struct AwaitCounts: Hashable, Sendable {
    package var begun: UInt64
    /// Got its message.
    package var met: UInt64
    /// Went on at its `else` when its time was up.
    package var passedOver: UInt64
    /// Failed its check: late, or ended by the peer.
    package var failed: UInt64
    /// Left without its message by the end of its session.
    package var left: UInt64

    package init(begun: UInt64 = 0, met: UInt64 = 0, passedOver: UInt64 = 0, failed: UInt64 = 0, left: UInt64 = 0) {
        self.begun = begun
        self.met = met
        self.passedOver = passedOver
        self.failed = failed
        self.left = left
    }
}
