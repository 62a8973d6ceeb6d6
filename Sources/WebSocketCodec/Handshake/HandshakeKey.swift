import Digests

/// The nonce of one handshake: 16 random bytes in base64 (RFC 6455 §4.1).
package struct HandshakeKey: Hashable, Sendable {
    /// The value of `Sec-WebSocket-Key`.
    package let text: String

    fileprivate init(nonce: UInt128) { text = withUnsafeBytes(of: nonce) { Base64.encode($0) } }

    /// The key that a header's value is; `nil` where it is not 16 bytes in base64.
    package init?(parsing value: String) {
        guard Base64.decode(Array(value.utf8), tolerating: .unusedBits)?.count == 16 else { return nil }
        text = value
    }

    /// Takes the cost of the process's first digest out of its first handshake.
    package static func prepare() { prepareDigests() }

    /// The value of `Sec-WebSocket-Accept` that proves that the peer has read this key (§4.2.2).
    package var accept: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(60)
        bytes += text.utf8
        bytes += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8
        return Base64.encode(sha1(bytes))
    }
}

/// Fresh keys: each is bytes of the kernel's generator that were never used before (RFC 6455 §4.1 wants them random). They
/// are fetched 16 keys at a time, so that a session costs a sixteenth of a system call.
package struct HandshakeKeySource: ~Copyable, Sendable {
    private var nonces = [UInt128](repeating: 0, count: 16)
    private var used = 16

    package init() {}

    package mutating func next() -> HandshakeKey {
        if used == nonces.count {
            fillWithEntropy(&nonces)
            used = 0
        }
        defer { used += 1 }
        return HandshakeKey(nonce: nonces[used])
    }
}
