/// Turns received bytes into messages and control frames (RFC 6455 §5, §6.2), in whatever pieces they arrive.
///
/// The caller owns the bytes, usually the event loop's one receive buffer, and takes event after event out of them:
///
///     var position = 0
///     while let event = try decoder.next(in: received, at: &position) { … }
///
/// A frame that lies whole in `received` is delivered in place; only a frame or message that is spread over several
/// reads or frames is assembled in memory of the decoder's own, which grows with what has arrived (never with what a
/// header declares) and is given back when nothing is incomplete. A decoder between two frames owns no memory.
///
/// Compressed messages are inflated as they arrive, where that was negotiated: see ``inflateMessages(_:_:)``.
///
/// Events that precede a violation are delivered first. After a close frame or a violation everything is discarded.
package struct MessageDecoder: ~Copyable, Sendable {
    /// What came. Payloads are valid until the decoder is used again or the received bytes are overwritten.
    package enum Event {
        /// One whole text message; its payload is UTF-8, inflated if it came compressed.
        case text(UnsafeRawBufferPointer)
        case binary(UnsafeRawBufferPointer)
        case ping(UnsafeRawBufferPointer)
        case pong(UnsafeRawBufferPointer)
        /// A close frame; without a code where its payload was empty. The reason is UTF-8.
        case close(CloseCode?, reason: UnsafeRawBufferPointer)
    }

    package static let defaultMaximumMessageSize = 16 << 20
    /// More than any sender has reason for (4 MiB in fragments of 64 bytes are half of it), few enough that a message
    /// that never ends is noticed.
    package static let maximumFragmentCount = 1 << 17

    /// The first bytes of messages in one frame, without RSV bits (§5.2).
    private static let finalText = 0x80 | Opcode.text.rawValue
    private static let finalBinary = 0x80 | Opcode.binary.rawValue

    private enum Stage: UInt8 {
        /// Between frames, or inside of a header.
        case header
        /// Inside of a payload.
        case payload
        /// After a close frame or a violation.
        case ended
    }

    private let maximumMessageSize: Int
    /// nil where no compression was negotiated.
    private var inflater: MessageInflater?

    /// How many bytes at the front of `assembly` belong to the message at hand. Those behind them are a control
    /// frame's that was cut by the end of a read, or of an event that was delivered.
    private var messageCount = 0
    private var assembly = ByteBuffer()

    // The frame at hand.
    private var payloadCount = 0
    private var payloadReceived = 0
    private var maskKey: MaskKey = 0
    private var opcode = Opcode.continuation
    private var isFinal = false

    // The message at hand; its opcode is `continuation` where there is none.
    private var messageOpcode = Opcode.continuation
    private var utf8 = UTF8Validator()
    private var fragmentCount: Int32 = 0
    private var isCompressed = false

    /// The header of the frame at hand, as far as it has arrived, where it was cut by the end of a read.
    private var partialHeader = InlineArray<14, UInt8>(repeating: 0)
    private var partialHeaderCount: UInt8 = 0

    private let role: EndpointRole
    private var stage = Stage.header

    /// - Parameters:
    ///   - role: which end we are: a client's decoder reads what a server sent.
    ///   - maximumMessageSize: in bytes of payload, over all fragments; judged by what headers declare, and of a
    ///     compressed message by what comes out of it.
    package init(role: EndpointRole, maximumMessageSize: Int = defaultMaximumMessageSize) {
        precondition(maximumMessageSize >= 0, "a negative message size")
        self.role = role
        self.maximumMessageSize = maximumMessageSize
    }

    /// Takes compressed messages from now on (RFC 7692 §6.2). Before the first frame.
    ///
    /// - Parameter terms: those of the peer.
    package mutating func inflateMessages(_ terms: CompressionAgreement.Terms, _ contexts: CompressionContexts) {
        inflater = MessageInflater(terms, maximumMessageSize: maximumMessageSize, contexts: contexts)
    }

    /// Whether a frame or message has begun and not ended: a connection that ends now has lost a part of one.
    package var isIncomplete: Bool {
        messageOpcode != .continuation || partialHeaderCount > 0 || stage == .payload
    }

    /// How many bytes of memory the decoder holds beside itself.
    package var allocatedByteCount: Int { assembly.capacity }

    /// Takes the next event out of `received[position...]` and moves `position` behind it; `nil` when all bytes are
    /// consumed. A server's decoder unmasks payloads in place.
    package mutating func next(
        in received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event? {
        do {
            if let event = try takeShortMessage(from: received, at: &position) { return event }
            if let event = try nextEvent(in: received, at: &position) { return event }
        } catch {
            stage = .ended
            messageOpcode = .continuation
            partialHeaderCount = 0
            assembly.release()
            endInflation()
            throw error
        }
        if !isIncomplete { assembly.release() }
        if let inflater { inflater.clear() }
        return nil
    }

    private mutating func nextEvent(
        in received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event? {
        if stage == .header { assembly.truncate(to: messageCount) }
        while true {
            switch stage {
            case .ended:
                position = received.count
                return nil
            case .header:
                guard position < received.count else { return nil }
                guard let header = try takeHeader(from: received, at: &position) else { return nil }
                try begin(header)
                if !opcode.isControl, !isFinal || opcode == .continuation { break }
                guard payloadCount <= received.count - position else { break }
                return try takeWholeFrame(from: received, at: &position)
            case .payload:
                if position == received.count, payloadReceived < payloadCount { return nil }
                if let event = try takePayload(from: received, at: &position) { return event }
            }
        }
    }

    // MARK: Headers

    private mutating func takeHeader(
        from received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> FrameHeader? {
        if partialHeaderCount == 0 {
            let rest = UnsafeRawBufferPointer(rebasing: received[position...])
            if let header = try FrameHeader.parse(rest.bytes, receivedBy: role, compression: inflater != nil) {
                position += header.size
                return header
            }
        }
        while position < received.count {
            partialHeader[Int(partialHeaderCount)] = received[position]
            partialHeaderCount += 1
            position += 1
            let bytes = partialHeader.span.bytes.extracting(first: Int(partialHeaderCount))
            if let header = try FrameHeader.parse(bytes, receivedBy: role, compression: inflater != nil) {
                partialHeaderCount = 0
                return header
            }
        }
        return nil
    }

    /// Judges what depends on the message at hand, before any byte of the payload is kept.
    private mutating func begin(_ header: FrameHeader) throws(ProtocolViolation) {
        opcode = header.opcode
        isFinal = header.isFinal
        maskKey = header.maskKey
        payloadReceived = 0
        stage = .payload
        if opcode.isControl {
            payloadCount = Int(header.payloadCount)
            return
        }
        if opcode == .continuation {
            if messageOpcode == .continuation { throw .framing("continuation frame outside of a message") }
            fragmentCount += 1
            if fragmentCount > Self.maximumFragmentCount {
                throw .tooBig("message of more than \(Self.maximumFragmentCount) fragments")
            }
        } else {
            if messageOpcode != .continuation {
                throw .framing("\(opcode) frame before the last fragment of the message before it")
            }
            fragmentCount = 1
        }
        if opcode != .continuation { isCompressed = header.isCompressed }
        if isCompressed {
            try beginCompressed(header)
        } else {
            guard header.payloadCount <= UInt64(maximumMessageSize - messageCount) else {
                throw .tooBig(
                    "message of at least \(UInt64(messageCount) + header.payloadCount) bytes, "
                        + "where \(maximumMessageSize) are the limit")
            }
        }
        payloadCount = Int(header.payloadCount)
        if opcode != .continuation {
            messageOpcode = opcode
            utf8 = UTF8Validator()
        }
    }

    /// Has the inflater judge what is declared; it judges what comes out as well.
    @inline(never)
    private func beginCompressed(_ header: FrameHeader) throws(ProtocolViolation) {
        guard let inflater else { preconditionFailure("a compressed message without an inflater") }
        if header.opcode != .continuation { inflater.begin() }
        try inflater.declare(header.payloadCount)
    }

    // MARK: Payloads

    /// Most of what clients receive: a whole message in one frame of up to 125 bytes, between two messages. All that its header
    /// can say is compared at once; whatever is different in any way goes the long way. (A message of 64 bytes of ASCII takes
    /// 120 instructions here, and 450 on the long way.)
    @inline(__always)
    private mutating func takeShortMessage(
        from received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event? {
        guard role == .client, stage == .header, partialHeaderCount == 0, messageOpcode == .continuation,
            received.count - position >= 2, let start = received.baseAddress
        else { return nil }
        let first = start.load(fromByteOffset: position, as: UInt8.self)
        let isText = first == Self.finalText
        let count = Int(start.load(fromByteOffset: position + 1, as: UInt8.self))
        guard isText || first == Self.finalBinary, count <= FrameHeader.maximumControlPayload,
            count <= min(received.count - position - 2, maximumMessageSize)
        else { return nil }
        let payload = UnsafeRawBufferPointer(start: start + position + 2, count: count)
        position += 2 + count
        guard isText else { return .binary(payload) }
        if !UTF8Validator.isASCII(payload) {
            utf8 = UTF8Validator()
            try judgeText(payload, precededBy: 0, isLast: true)
        }
        return .text(payload)
    }

    /// The usual case: a message of one frame, or a control frame, that arrived whole. Nothing is copied.
    private mutating func takeWholeFrame(
        from received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event {
        let payload = UnsafeMutableRawBufferPointer(rebasing: received[position..<position + payloadCount])
        position += payloadCount
        stage = .header
        if role == .server, let start = payload.baseAddress {
            copyMasked(from: start, to: start, count: payload.count, key: maskKey)
        }
        var bytes = UnsafeRawBufferPointer(payload)
        if opcode.isControl { return try controlEvent(bytes) }
        messageOpcode = .continuation
        if isCompressed { bytes = try inflateWhole(bytes) }
        if opcode == .text { try judgeText(bytes, precededBy: 0, isLast: true) }
        return opcode == .text ? .text(bytes) : .binary(bytes)
    }

    /// The inflated bytes lie in a buffer of the loop's, as the received ones do.
    private mutating func inflateWhole(
        _ payload: UnsafeRawBufferPointer
    ) throws(ProtocolViolation) -> UnsafeRawBufferPointer {
        guard let inflater else { preconditionFailure("a compressed message without an inflater") }
        do throws(ProtocolViolation) {
            try inflater.inflate(payload)
        } catch {
            // What came out before is judged first, as it is where the message comes in pieces.
            if opcode == .text { try judgeText(inflater.inflated, precededBy: 0, isLast: false) }
            throw error
        }
        return inflater.inflated
    }

    /// Moves what there is of the payload to `assembly`; gives the event if that completes one.
    private mutating func takePayload(
        from received: UnsafeMutableRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event? {
        let count = min(payloadCount - payloadReceived, received.count - position)
        let piece = UnsafeMutableRawBufferPointer(rebasing: received[position..<position + count])
        let phase = payloadReceived
        position += count
        payloadReceived += count
        let isFrameComplete = payloadReceived == payloadCount
        if opcode.isControl {
            assemble(piece, phase: phase)
            guard isFrameComplete else { return nil }
            stage = .header
            return try controlEvent(UnsafeRawBufferPointer(rebasing: assembly.readableBytes[messageCount...]))
        }

        let isMessageComplete = isFrameComplete && isFinal
        var violation: ProtocolViolation?
        if isCompressed {
            violation = inflate(piece, phase: phase, isLast: isMessageComplete)
        } else {
            assemble(piece, phase: phase)
        }
        let keptBefore = messageCount
        messageCount = assembly.count
        if messageOpcode == .text {
            let bytes = UnsafeRawBufferPointer(rebasing: assembly.readableBytes[keptBefore...])
            try judgeText(bytes, precededBy: keptBefore, isLast: isMessageComplete && violation == nil)
        }
        if let violation { throw violation }
        if isFrameComplete { stage = .header }
        guard isMessageComplete else { return nil }
        let kind = messageOpcode
        messageOpcode = .continuation
        messageCount = 0
        return kind == .text ? .text(assembly.readableBytes) : .binary(assembly.readableBytes)
    }

    /// Appends a piece of a payload as it is.
    private mutating func assemble(_ piece: UnsafeMutableRawBufferPointer, phase: Int) {
        guard !piece.isEmpty, let source = piece.baseAddress else { return }
        let key = maskKey
        assembly.appendUninitialized(piece.count) { destination in
            copyMasked(from: source, to: destination, count: piece.count, key: key, phase: phase)
            return piece.count
        }
    }

    /// Appends what a piece of a compressed payload holds, also where it ends in a violation.
    private mutating func inflate(
        _ piece: UnsafeMutableRawBufferPointer, phase: Int, isLast: Bool
    ) -> ProtocolViolation? {
        guard let inflater else { preconditionFailure("a compressed message without an inflater") }
        if role == .server, let start = piece.baseAddress {
            copyMasked(from: start, to: start, count: piece.count, key: maskKey, phase: phase)
        }
        do throws(ProtocolViolation) {
            try inflater.append(UnsafeRawBufferPointer(piece), isLast: isLast, to: &assembly)
            return nil
        } catch {
            return error
        }
    }

    /// Nothing is inflated any more: neither the window is needed, nor what the last message has taken.
    private mutating func endInflation() {
        inflater?.clear()
        inflater = nil
    }

    private mutating func judgeText(
        _ bytes: UnsafeRawBufferPointer, precededBy count: Int, isLast: Bool
    ) throws(ProtocolViolation) {
        if let offset = utf8.firstInvalidByte(in: bytes) {
            throw .invalidUTF8("text message that is not UTF-8 at byte \(count + offset)")
        }
        if isLast, !utf8.isComplete {
            throw .invalidUTF8("text message that ends inside of a UTF-8 sequence")
        }
    }

    private mutating func controlEvent(_ payload: UnsafeRawBufferPointer) throws(ProtocolViolation) -> Event {
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            stage = .ended
            messageOpcode = .continuation
            endInflation()
            return try Self.closeEvent(payload)
        }
    }

    /// §5.5.1: nothing, or a code and a reason.
    private static func closeEvent(_ payload: UnsafeRawBufferPointer) throws(ProtocolViolation) -> Event {
        if payload.isEmpty { return .close(nil, reason: payload) }
        guard payload.count >= 2 else { throw .framing("close frame with a payload of one byte") }
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isAllowedOnWire else { throw .framing("close frame with the code \(code.rawValue)") }
        let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
        var utf8 = UTF8Validator()
        guard utf8.firstInvalidByte(in: reason) == nil, utf8.isComplete else {
            throw .invalidUTF8("close frame with a reason that is not UTF-8")
        }
        return .close(code, reason: reason)
    }
}
