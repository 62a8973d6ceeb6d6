import WebSocketCodec

/// What a decoder made of its input, with payloads copied.
private struct Decoded: Equatable {
    enum Event: Equatable {
        case message(Opcode, [UInt8])
        case close(CloseCode?, [UInt8])
    }

    var events: [Event] = []
    var violation: ProtocolViolation?

    init(_ pieces: [ArraySlice<UInt8>], role: EndpointRole, maximumMessageSize: Int) {
        var decoder = MessageDecoder(role: role, maximumMessageSize: maximumMessageSize)
        var received = 0
        for piece in pieces {
            var memory = Array(piece)
            received += memory.count
            memory.withUnsafeMutableBytes { take(from: $0, decoder: &decoder) }
            require(decoder.allocatedByteCount <= 2 * received + 256, "memory for what has not arrived")
        }
    }

    private mutating func take(from memory: UnsafeMutableRawBufferPointer, decoder: inout MessageDecoder) {
        var position = 0
        do throws(ProtocolViolation) {
            while let event = try decoder.next(in: memory, at: &position) {
                require(violation == nil, "an event after the violation")
                if case .close? = events.last { require(false, "an event after the close frame") }
                append(event)
            }
            require(position == memory.count, "bytes left over")
        } catch {
            require(violation == nil, "a second violation")
            violation = error
        }
    }

    private mutating func append(_ event: MessageDecoder.Event) {
        switch event {
        case .text(let bytes):
            require(String(validating: bytes, as: UTF8.self) != nil, "a text message that is not UTF-8")
            events.append(.message(.text, Array(bytes)))
        case .binary(let bytes): events.append(.message(.binary, Array(bytes)))
        case .ping(let bytes): events.append(.message(.ping, Array(bytes)))
        case .pong(let bytes): events.append(.message(.pong, Array(bytes)))
        case .close(let code, let reason): events.append(.close(code, Array(reason)))
        }
    }

    /// The events as frames that `role` sends.
    func encoded(by role: EndpointRole) -> [UInt8] {
        var encoder = FrameEncoder(role: role)
        var output = ByteBuffer()
        for event in events {
            switch event {
            case .message(let opcode, let bytes): encoder.append(opcode, bytes.span.bytes, to: &output)
            case .close(let code, let reason):
                encoder.appendClose(code, reason: String(decoding: reason, as: UTF8.self), to: &output)
            }
        }
        return Array(output.readableBytes)
    }
}

/// Frames: the same events and the same violation however the bytes are cut; what was accepted, written and read again,
/// is the same.
///
/// Input: a byte (bit 0: we are the server; bit 1: a message may have 100 bytes only), two places to cut, the stream.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let flags = input.byte()
    let role: EndpointRole = flags & 1 == 0 ? .client : .server
    let limit = flags & 2 == 0 ? MessageDecoder.defaultMaximumMessageSize : 100
    let places = [input.index(upTo: max(0, count - 5)), input.index(upTo: max(0, count - 5))].sorted()
    let bytes = input.bytes

    let whole = Decoded([bytes[...]], role: role, maximumMessageSize: limit)
    let (first, second) = (min(places[0], bytes.count), min(places[1], bytes.count))
    let cut = Decoded(
        [bytes[..<first], bytes[first..<second], bytes[second...]], role: role, maximumMessageSize: limit)
    require(cut == whole, "cut at \(first) and \(second): \(cut) instead of \(whole)")
    let single = Decoded(bytes.indices.map { bytes[$0...$0] }, role: role, maximumMessageSize: limit)
    require(single == whole, "byte by byte: \(single) instead of \(whole)")

    let (sender, receiver): (EndpointRole, EndpointRole) =
        role == .client ? (.server, .client) : (.client, .server)
    let again = Decoded([whole.encoded(by: sender)[...]], role: receiver, maximumMessageSize: limit)
    require(again.events == whole.events && again.violation == nil, "written and read again: \(again)")
    return 0
}
