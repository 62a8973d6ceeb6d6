/// The first 2 to 14 bytes of a frame (RFC 6455 §5.2), already judged by every rule that needs no context.
struct FrameHeader {
    /// The longest there is: two bytes, a 64-bit length and a mask key.
    static let maximumSize = 14
    static let maximumControlPayload = 125

    var isFinal: Bool
    /// RSV1: the frame begins a compressed message (RFC 7692 §6).
    var isCompressed: Bool
    var opcode: Opcode
    /// The declared length of the payload in bytes; less than 2⁶³.
    var payloadCount: UInt64
    /// Zero where the frame is not masked.
    var maskKey: MaskKey
    /// How many bytes the header itself takes.
    var size: Int

    /// Reads the header at the start of `bytes`; `nil` where there are too few of them. What is there is judged at
    /// once: a reserved opcode is refused by its first byte.
    ///
    /// - Parameter compression: whether compression was negotiated.
    static func parse(
        _ bytes: RawSpan, receivedBy role: EndpointRole, compression: Bool
    ) throws(ProtocolViolation) -> FrameHeader? {
        guard bytes.byteCount >= 1 else { return nil }
        let first = bytes.byte(at: 0)
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            throw .framing("frame with the reserved opcode 0x\(String(first & 0x0F, radix: 16))")
        }
        let isFinal = first & 0x80 != 0
        try judgeReservedBits(first & 0x70, of: opcode, compression: compression)
        if opcode.isControl, !isFinal {
            throw .framing("fragmented \(opcode) frame")
        }

        guard bytes.byteCount >= 2 else { return nil }
        let second = bytes.byte(at: 1)
        let isMasked = second & 0x80 != 0
        switch role {
        case .client: if isMasked { throw .framing("masked frame from the server") }
        case .server: if !isMasked { throw .framing("unmasked frame from the client") }
        }
        let shortLength = second & 0x7F
        if opcode.isControl, shortLength > maximumControlPayload {
            throw .framing("\(opcode) frame with more than \(maximumControlPayload) bytes of payload")
        }

        var size = 2
        var payloadCount = UInt64(shortLength)
        switch shortLength {
        case 126:
            guard bytes.byteCount >= 4 else { return nil }
            payloadCount = bytes.bigEndian(at: 2, count: 2)
            size = 4
            guard payloadCount > 125 else {
                throw .framing("payload length \(payloadCount) written in 16 bits instead of 7")
            }
        case 127:
            guard bytes.byteCount >= 10 else { return nil }
            payloadCount = bytes.bigEndian(at: 2, count: 8)
            size = 10
            guard payloadCount <= UInt64(Int64.max) else {
                throw .framing("64-bit payload length with its highest bit set")
            }
            guard payloadCount > 0xFFFF else {
                let enough = payloadCount > 125 ? 16 : 7
                throw .framing("payload length \(payloadCount) written in 64 bits instead of \(enough)")
            }
        default: break
        }

        var maskKey: MaskKey = 0
        if isMasked {
            guard bytes.byteCount >= size + 4 else { return nil }
            maskKey = MaskKey(truncatingIfNeeded: bytes.bigEndian(at: size, count: 4)).byteSwapped
            size += 4
        }
        return FrameHeader(
            isFinal: isFinal, isCompressed: first & 0x40 != 0, opcode: opcode, payloadCount: payloadCount,
            maskKey: maskKey, size: size)
    }

    /// RSV1–3 belong to extensions; a set bit that no negotiated one gives a meaning fails the connection (§5.2).
    /// Compression has RSV1, on the first frame of a message alone (RFC 7692 §6).
    private static func judgeReservedBits(
        _ bits: UInt8, of opcode: Opcode, compression: Bool
    ) throws(ProtocolViolation) {
        guard bits != 0 else { return }
        if compression, bits == 0x40 {
            guard opcode != .text, opcode != .binary else { return }
            throw .framing("\(opcode) frame with RSV1 set, which is for the first frame of a message")
        }
        let names = [(0x40, "RSV1"), (0x20, "RSV2"), (0x10, "RSV3")].filter { bits & $0.0 != 0 }.map(\.1)
        let reason = compression ? "which no extension uses" : "though no extension was negotiated"
        throw .framing("\(opcode) frame with \(names.joined(separator: ", ")) set, \(reason)")
    }
}

extension RawSpan {
    func byte(at offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    func bigEndian(at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<offset + count {
            value = value << 8 | UInt64(byte(at: index))
        }
        return value
    }
}
