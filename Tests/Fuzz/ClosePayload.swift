import WebSocketCodec

/// What RFC 6455 §5.5.1 and §7.4 say about the payload of a close frame, in the obvious way.
private enum Judgement: Equatable {
    case close(UInt16?, String)
    case violation(ProtocolViolation.Kind)

    init(of payload: ArraySlice<UInt8>) {
        guard payload.count != 1 else {
            self = .violation(.framing)
            return
        }
        guard let high = payload.first, let low = payload.dropFirst().first else {
            self = .close(nil, "")
            return
        }
        let code = UInt16(high) << 8 | UInt16(low)
        let allowed: [ClosedRange<UInt16>] = [1000...1003, 1007...1014, 3000...4999]
        if !allowed.contains(where: { $0.contains(code) }) {
            self = .violation(.framing)
        } else if let reason = String(validating: payload.dropFirst(2), as: UTF8.self) {
            self = .close(code, reason)
        } else {
            self = .violation(.invalidUTF8)
        }
    }

    /// What the decoder says.
    init(decoding frame: [UInt8]) {
        var decoder = MessageDecoder(role: .client)
        var memory = frame
        var judgement: Judgement?
        memory.withUnsafeMutableBytes { received in
            var position = 0
            do throws(ProtocolViolation) {
                guard case .close(let code, let reason)? = try decoder.next(in: received, at: &position) else { return }
                judgement = .close(code?.rawValue, String(decoding: reason, as: UTF8.self))
            } catch {
                judgement = .violation(error.kind)
            }
        }
        guard let judgement else { fatalError("neither a close nor a violation") }
        self = judgement
    }
}

/// Close payloads: judged as the RFC has it; a code and a reason, written and read again, are the same, but for what of
/// a reason does not fit.
///
/// Input: the payload; of more than 125 bytes, which no frame can hold, a reason.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzClosePayload(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = FuzzInput(start, count)
    let payload = input.rest.prefix(FrameEncoder.maximumControlPayload)
    let frame = [0x88, UInt8(payload.count)] + payload
    let judgement = Judgement(decoding: frame)
    require(judgement == Judgement(of: payload), "\(judgement) instead of \(Judgement(of: payload))")

    var encoder = FrameEncoder(role: .server)
    if case .close(let code, let reason) = judgement {
        var output = ByteBuffer()
        encoder.appendClose(code.map { CloseCode(rawValue: $0) }, reason: reason, to: &output)
        require(output.readableBytes.elementsEqual(frame), "written anew it is another frame")
    }

    let reason = String(decoding: input.rest, as: UTF8.self)
    var output = ByteBuffer()
    encoder.appendClose(.normal, reason: reason, to: &output)
    guard case .close(1000, let shown) = Judgement(decoding: Array(output.readableBytes)) else {
        fatalError("a reason made an invalid frame")
    }
    require(reason.utf8.starts(with: shown.utf8), "another reason")
    require(shown.utf8.count == reason.utf8.count || shown.utf8.count > 119, "more was cut than had to be")
    return 0
}
