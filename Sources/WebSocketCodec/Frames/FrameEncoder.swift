/// Writes frames (RFC 6455 §5) behind what a buffer already holds. A client's frames are masked with a fresh key each,
/// copied and masked in one pass.
///
/// It holds nothing of a connection but a stock of mask keys: one encoder serves all connections of an event loop.
package struct FrameEncoder: ~Copyable, Sendable {
    /// The most that a ping, pong or close frame carries, in bytes (§5.5).
    package static let maximumControlPayload = FrameHeader.maximumControlPayload
    /// The most that a close frame has left for its reason, in bytes.
    static let maximumCloseReason = maximumControlPayload - 2

    private let role: EndpointRole
    private var keys = MaskKeySource()

    package init(role: EndpointRole) {
        self.role = role
    }

    /// Appends one frame. A control frame has to be final and within `maximumControlPayload`.
    package mutating func append(
        _ opcode: Opcode, _ payload: RawSpan, isFinal: Bool = true, isCompressed: Bool = false,
        to output: inout ByteBuffer
    ) {
        payload.withUnsafeBytes { append(opcode, $0, isFinal: isFinal, isCompressed: isCompressed, to: &output) }
    }

    /// Appends one frame. A control frame has to be final and within `maximumControlPayload`. With `isCompressed` it is
    /// the first of a message whose payload is compressed (RFC 7692 §6.1).
    package mutating func append(
        _ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isFinal: Bool = true, isCompressed: Bool = false,
        to output: inout ByteBuffer
    ) {
        precondition(
            !opcode.isControl || isFinal && payload.count <= Self.maximumControlPayload,
            "a \(opcode) frame of \(payload.count) bytes")
        let key = role == .client ? keys.next() : nil
        output.appendUninitialized(FrameHeader.maximumSize + payload.count) { destination in
            let headerSize = Self.writeHeader(
                opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0), payloadCount: payload.count,
                key: key,
                to: destination)
            if let source = payload.baseAddress {
                if let key {
                    copyMasked(from: source, to: destination + headerSize, count: payload.count, key: key)
                } else {
                    (destination + headerSize).copyMemory(from: source, byteCount: payload.count)
                }
            }
            return headerSize + payload.count
        }
    }

    /// Appends a message cut into `fragments` frames of equal size (the first ones a byte longer where it does not
    /// come out even, the last ones empty where there are fewer bytes than frames).
    package mutating func append(
        _ opcode: Opcode, _ payload: RawSpan, fragments: Int, isCompressed: Bool = false, to output: inout ByteBuffer
    ) {
        precondition(fragments >= 1 && !opcode.isControl, "\(fragments) fragments of a \(opcode) frame")
        let (size, longer) = payload.byteCount.quotientAndRemainder(dividingBy: fragments)
        var offset = 0
        for index in 0..<fragments {
            let end = offset + size + (index < longer ? 1 : 0)
            append(
                index == 0 ? opcode : .continuation, payload.extracting(offset..<end),
                isFinal: index == fragments - 1, isCompressed: isCompressed && index == 0, to: &output)
            offset = end
        }
    }

    /// Appends a close frame. A reason is for people (§7.1.6): one longer than `maximumCloseReason` is cut at the last
    /// code point that fits. Without a code there is no place for one.
    package mutating func appendClose(_ code: CloseCode?, reason: String = "", to output: inout ByteBuffer) {
        var payload = InlineArray<125, UInt8>(repeating: 0)
        var count = 0
        if let code {
            precondition(code.isAllowedOnWire, "the close code \(code.rawValue) is never sent")
            payload[0] = UInt8(code.rawValue >> 8)
            payload[1] = UInt8(truncatingIfNeeded: code.rawValue)
            count = 2
            for scalar in reason.unicodeScalars {
                let bytes = UTF8.encode(scalar).unsafelyUnwrapped
                guard count + bytes.count <= payload.count else { break }
                for byte in bytes {
                    payload[count] = byte
                    count += 1
                }
            }
        }
        append(.close, payload.span.bytes.extracting(first: count), to: &output)
    }

    private static func writeHeader(
        _ first: UInt8, payloadCount: Int, key: MaskKey?, to destination: UnsafeMutableRawPointer
    ) -> Int {
        destination.storeBytes(of: first, as: UInt8.self)
        let maskBit: UInt8 = key == nil ? 0 : 0x80
        var size: Int
        switch payloadCount {
        case 0...125:
            destination.storeBytes(of: maskBit | UInt8(payloadCount), toByteOffset: 1, as: UInt8.self)
            size = 2
        case 126...0xFFFF:
            destination.storeBytes(of: maskBit | 126, toByteOffset: 1, as: UInt8.self)
            destination.storeBytes(of: UInt16(payloadCount).bigEndian, toByteOffset: 2, as: UInt16.self)
            size = 4
        default:
            destination.storeBytes(of: maskBit | 127, toByteOffset: 1, as: UInt8.self)
            destination.storeBytes(of: UInt64(payloadCount).bigEndian, toByteOffset: 2, as: UInt64.self)
            size = 10
        }
        if let key {
            destination.storeBytes(of: key.littleEndian, toByteOffset: size, as: UInt32.self)
            size += 4
        }
        return size
    }
}
