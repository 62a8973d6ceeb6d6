import WebSocketCodec

/// What became of compressed messages, with payloads copied.
private struct Inflated: Equatable {
    /// More than any input makes of itself by chance, less than DEFLATE can make of it.
    static let maximumMessageSize = 200_000

    var messages: [[UInt8]] = []
    var violation: ProtocolViolation?

    init(_ pieces: [ArraySlice<UInt8>], takesContextOver: Bool, contexts: CompressionContexts = CompressionContexts()) {
        var decoder = MessageDecoder(role: .client, maximumMessageSize: Self.maximumMessageSize)
        decoder.inflateMessages(terms(takesContextOver: takesContextOver), contexts)
        for piece in pieces where violation == nil {
            var memory = Array(piece)
            memory.withUnsafeMutableBytes { received in
                var position = 0
                do throws(ProtocolViolation) {
                    while let event = try decoder.next(in: received, at: &position) { append(event) }
                    require(position == received.count, "bytes left over")
                } catch {
                    violation = error
                }
            }
            require(decoder.allocatedByteCount <= 3 * Self.maximumMessageSize, "memory beyond the limit")
        }
    }

    private mutating func append(_ event: MessageDecoder.Event) {
        switch event {
        case .text(let bytes):
            require(String(validating: bytes, as: UTF8.self) != nil, "a text message that is not UTF-8")
            messages.append(Array(bytes))
        case .binary(let bytes): messages.append(Array(bytes))
        default: require(false, "an event that nobody sent")
        }
        require(messages[messages.count - 1].count <= Self.maximumMessageSize, "a message beyond the limit")
    }
}

private func terms(takesContextOver: Bool) -> CompressionAgreement.Terms {
    var terms = CompressionAgreement.Terms()
    terms.takesContextOver = takesContextOver
    return terms
}

/// A frame of a server.
private func frame(_ opcode: Opcode, _ payload: ArraySlice<UInt8>, isFinal: Bool, isFirst: Bool) -> [UInt8] {
    var encoder = FrameEncoder(role: .server)
    var output = ByteBuffer()
    encoder.append(
        isFirst ? opcode : .continuation, Array(payload).span.bytes, isFinal: isFinal, isCompressed: isFirst,
        to: &output)
    return Array(output.readableBytes)
}

/// Compressed messages: the same messages and the same violation however the bytes are cut, beside other connections or
/// alone; never more than a message may have; what came out, compressed and inflated again, is the same.
///
/// Input: a byte (bit 0: text; bit 1: no context takeover; bit 2: two messages; bit 3: the last in two fragments), three
/// places to cut, the payload.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzInflate(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let flags = input.byte()
    let takesContextOver = flags & 2 == 0
    let places = (0..<3).map { _ in input.index(upTo: max(0, count)) }
    let payload = input.bytes[...]

    let opcode: Opcode = flags & 1 == 0 ? .binary : .text
    let split = flags & 4 == 0 ? 0 : min(places[2], payload.count)
    var bytes: [UInt8] = flags & 4 == 0 ? [] : frame(opcode, payload[..<split], isFinal: true, isFirst: true)
    let last = payload[split...]
    if flags & 8 == 0 {
        bytes += frame(opcode, last, isFinal: true, isFirst: true)
    } else {
        bytes += frame(opcode, last.prefix(places[1]), isFinal: false, isFirst: true)
        bytes += frame(opcode, last.dropFirst(places[1]), isFinal: true, isFirst: false)
    }

    let whole = Inflated([bytes[...]], takesContextOver: takesContextOver)
    let cuts = places[..<2].map { min($0, bytes.count) }.sorted()
    let cut = Inflated(
        [bytes[..<cuts[0]], bytes[cuts[0]..<cuts[1]], bytes[cuts[1]...]], takesContextOver: takesContextOver)
    require(cut == whole, "cut at \(cuts): \(cut.violation?.reason ?? "-"), not \(whole.violation?.reason ?? "-")")
    let contexts = CompressionContexts()
    _ = Inflated([bytes.dropLast()], takesContextOver: false, contexts: contexts)
    let single = Inflated(
        bytes.indices.map { bytes[$0...$0] }, takesContextOver: takesContextOver, contexts: contexts)
    require(single == whole, "byte by byte: \(single.violation?.reason ?? "-")")

    let deflater = MessageDeflater(terms(takesContextOver: takesContextOver), level: 1, contexts: contexts)
    var again: [UInt8] = []
    for message in whole.messages {
        message.withUnsafeBytes { bytes in
            deflater.compress(bytes) { again += frame(opcode, Array($0)[...], isFinal: true, isFirst: true) }
        }
    }
    let read = Inflated([again[...]], takesContextOver: takesContextOver, contexts: contexts)
    require(read.messages == whole.messages && read.violation == nil, "compressed and inflated again")
    return 0
}
