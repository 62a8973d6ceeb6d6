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

        /// What such a frame carries (RFC 6455 §5.5.1), as far as a reason has room in it.
        package var payload: [UInt8] {
            guard let code else { return [] }
            let bytes = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)] + Array(reason.utf8)
            return Array(bytes.prefix(FrameEncoder.maximumControlPayload))
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
