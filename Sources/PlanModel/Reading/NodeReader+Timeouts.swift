import Diagnostics
import PlanSyntax

/// `timeouts`.
extension NodeReader {
    private static let timeoutKeys = KeySpace(owner: "'timeouts'", known: ["connect", "await", "close", "session"])

    mutating func timeouts(_ node: PlanNode) -> Timeouts {
        var timeouts = Timeouts()
        guard let fields = fields(node, of: Self.timeoutKeys, example: "timeouts:\n  connect: 3s") else {
            return timeouts
        }
        if let node = fields["connect"] {
            timeouts.connectNanoseconds = duration(node, of: "'connect'", "connect: 3s").value
        }
        if let node = fields["await"] {
            timeouts.awaitNanoseconds = duration(node, of: "'await'", "await: 2s").value
        }
        if let node = fields["close"] {
            timeouts.closeNanoseconds = duration(node, of: "'close'", "close: 2s").value
        }
        if let node = fields["session"] {
            timeouts.sessionNanoseconds = duration(node, of: "'session'", "session: 1m").value
        }
        return timeouts
    }
}
