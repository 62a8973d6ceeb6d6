package import WebSocketCodec

/// How a connection that had been open ended.
package struct ConnectionEnd: Hashable, Sendable {
    /// A Close frame, as far as it says anything.
    package struct CloseFrame: Hashable, Sendable {
        /// nil where the frame carried none (``CloseCode/noStatusReceived`` by RFC 6455 §7.1.5).
        package var code: CloseCode?
        package var reason: String

        package init(code: CloseCode?, reason: String = "") {
            self.code = code
            self.reason = reason
        }
    }

    /// nil: both Close frames were exchanged (RFC 6455 §7.1.4, "closed cleanly").
    package var error: ConnectionError?
    /// Our Close frame; nil where none was sent.
    package var sent: CloseFrame?
    /// The peer's Close frame; nil where none came.
    package var received: CloseFrame?
    /// Whether the peer's Close frame came before ours was sent.
    package var startedByPeer = false

    package init() {}
}
