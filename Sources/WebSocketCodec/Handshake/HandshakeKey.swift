import Digests

/// The nonce of one handshake: 16 random bytes in base64 (RFC 6455 §4.1).
package struct HandshakeKey: Hashable, Sendable {
    /// The value of `Sec-WebSocket-Key`.
    package let text: String

    /// A fresh key from the kernel's generator.
    package static func random() -> HandshakeKey {
        var bytes = [UInt8](repeating: 0, count: 16)
        fillWithEntropy(&bytes)
        return HandshakeKey(text: Base64.encode(bytes))
    }

    /// The key that a header's value is; `nil` where it is not 16 bytes in base64.
    package init?(parsing value: String) {
        guard Base64.decode(Array(value.utf8), tolerating: .unusedBits)?.count == 16 else { return nil }
        text = value
    }

    /// Takes the cost of the process's first digest out of its first handshake.
    package static func prepare() { prepareDigests() }

    private init(text: String) {
        self.text = text
    }

    /// The value of `Sec-WebSocket-Accept` that proves that the peer has read this key (§4.2.2).
    package var accept: String {
        Base64.encode(sha1(Array((text + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }
}
