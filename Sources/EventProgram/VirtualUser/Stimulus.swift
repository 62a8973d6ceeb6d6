package import Diagnostics
package import Expressions

/// What the outside world tells a virtual user. Bytes are borrowed: they are valid until the call returns.
package enum Stimulus {
    /// Begin the next iteration with the rows that were dealt for it: evaluate its variables and connect.
    case start(runIteration: Int64, rows: [DealtRow] = [])
    /// The server answered with 101, and the answer met every rule of RFC 6455 §4.1. `afterNanoseconds` counts from the
    /// beginning of the connect.
    case opened(ResponseFact, afterNanoseconds: Int64)
    /// The connect failed: no session came to be. `response` where the server answered with something else than 101.
    /// `span` is the plan's text that is to blame, where one is.
    case connectFailed(ErrorKind, message: String, response: ResponseFact?, span: SourceSpan?)
    case message(UnsafeRawBufferPointer, isBinary: Bool)
    case ping
    case pong
    /// The peer has begun the close handshake; `code` 1005 where its Close frame had none.
    case peerClosing(code: UInt16, reason: String)
    /// The open session has broken: `closed` follows.
    case sessionFailed(ErrorKind, message: String)
    /// The connection of an open session is gone. Code and reason as RFC 6455 §7.1.5 and §7.1.6 define them: 1005 for a
    /// Close without code, 1006 for none at all.
    case closed(code: UInt16, reason: String)
    /// The time that the virtual user asked to be woken at has come.
    case wake
    /// The load has ended, or ramped this user down, and what it granted is over: close now (1001).
    case loadEnded
    /// Nothing is waited for any more: whatever still runs ends here.
    case abandoned
}

/// A row of a data source, and the variable that it becomes.
package struct DealtRow: Sendable {
    package var slot: Int
    package var row: Value

    package init(slot: Int, row: Value) {
        self.slot = slot
        self.row = row
    }
}
