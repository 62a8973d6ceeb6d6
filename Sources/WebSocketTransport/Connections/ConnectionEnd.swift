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

        /// Calls `body` with what such a frame carries (RFC 6455 §5.5.1), as far as a reason has room in it.
        package func withPayload(_ body: (UnsafeRawBufferPointer) -> Void) {
            guard let code else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
            withUnsafeTemporaryAllocation(byteCount: FrameEncoder.maximumControlPayload, alignment: 1) { bytes in
                bytes[0] = UInt8(code.rawValue >> 8)
                bytes[1] = UInt8(truncatingIfNeeded: code.rawValue)
                var count = 2
                for byte in reason.utf8.prefix(bytes.count - count) {
                    bytes[count] = byte
                    count += 1
                }
                body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
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
