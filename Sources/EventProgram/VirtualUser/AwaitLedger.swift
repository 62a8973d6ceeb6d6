/// What became of the awaits that the users of one loop have begun. Each is one of the others.
package struct AwaitLedger: Hashable, Sendable {
    package internal(set) var begun: UInt64 = 0
    /// Got its message.
    package internal(set) var met: UInt64 = 0
    /// Went on at its `else` when its time was up.
    package internal(set) var passedOver: UInt64 = 0
    /// Failed its check: late, or ended by the peer.
    package internal(set) var failed: UInt64 = 0
    /// Left without its message by the end of its session.
    package internal(set) var left: UInt64 = 0

    package init() {}

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.begun += right.begun
        sum.met += right.met
        sum.passedOver += right.passedOver
        sum.failed += right.failed
        sum.left += right.left
        return sum
    }
}
