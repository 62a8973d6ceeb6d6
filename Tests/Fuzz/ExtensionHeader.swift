import WebSocketCodec

private let key = HandshakeKey(parsing: "dGhlIHNhbXBsZSBub25jZQ==")!

/// What is made of an answer that opens the connection and has these lines of `Sec-WebSocket-Extensions`.
private func verdict(on lines: [[UInt8]], to offer: CompressionOffer) -> Result<CompressionAgreement?, HandshakeError> {
    var head = ByteBuffer()
    head.append(
        "HTTP/1.1 101 ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(key.accept)\r\n")
    for line in lines {
        head.append("Sec-WebSocket-Extensions: ")
        head.append(line.span.bytes)
        head.append("\r\n")
    }
    head.append("\r\n")
    var parser = HandshakeResponseParser()
    var position = 0
    do throws(HandshakeError) {
        let request = try HandshakeRequest(target: "/", host: "h", compression: offer)
        guard let response = try parser.next(in: head.readableBytes, at: &position) else {
            fatalError("an answer without an end")
        }
        return .success(try request.verify(response, key: key))
    } catch {
        return .failure(error)
    }
}

/// Answers to an offer of compression: what is accepted keeps to the offer, and says what it says wherever there are spaces;
/// what is refused is refused in one line of words.
///
/// Input: two bytes for the offer, the lines of the header, which LF parts.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzExtensionHeader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let (flags, bits) = (input.byte(), input.byte())
    var offer = CompressionOffer()
    offer.clientNoContextTakeover = flags & 1 != 0
    offer.serverNoContextTakeover = flags & 2 != 0
    if flags & 4 != 0 { offer.clientMaximumWindowBits = 8 + Int(bits & 7) }
    if flags & 8 != 0 { offer.serverMaximumWindowBits = 8 + Int(bits >> 4 & 7) }
    // The head would not be one with other control characters.
    let lines = input.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(100)
        .map { line in line.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 } }

    let judged = verdict(on: lines, to: offer)
    switch judged {
    case .success(nil): require(lines.isEmpty, "an answer that nobody has heard")
    case .success(let agreement?):
        for end in [agreement.client, agreement.server] {
            require((8...15).contains(end.windowBits), "a window of \(end.windowBits) bits")
        }
        require(agreement.client.windowBits <= offer.clientMaximumWindowBits ?? 15, "a larger window than offered")
        require(agreement.server.windowBits <= offer.serverMaximumWindowBits ?? 15, "a larger window than asked for")
        require(!offer.clientNoContextTakeover || !agreement.client.takesContextOver, "a context against the offer")
        require(!offer.serverNoContextTakeover || !agreement.server.takesContextOver, "a context against the question")
        let isNamed = String(decoding: lines.joined(), as: UTF8.self).contains("permessage-deflate")
        require(isNamed, "accepted without its name")

        var answer = "permessage-deflate; client_max_window_bits=\(agreement.client.windowBits)"
        answer += "; server_max_window_bits=\(agreement.server.windowBits)"
        if !agreement.client.takesContextOver { answer += "; client_no_context_takeover" }
        if !agreement.server.takesContextOver { answer += "; server_no_context_takeover" }
        guard case .success(agreement) = verdict(on: [Array(answer.utf8)], to: offer) else {
            fatalError("not the same by '\(answer)'")
        }
    case .failure(let error):
        require(!error.reason.isEmpty && !error.reason.contains("\n"), "no words: \(error.reason)")
        require(error.reason.utf8.count < 1_000, "too many words: \(error.reason)")
    }
    let spaced = lines.map { line in line.flatMap { $0 == 0x3B || $0 == 0x2C ? [0x20, $0, 0x09] : [$0] } }
    if !input.bytes.contains(0x22) {
        switch (judged, verdict(on: spaced, to: offer)) {
        case (.success(let one), .success(let other)): require(one == other, "spaces make a difference")
        case (.failure, .failure): break
        default: require(false, "spaces decide")
        }
    }
    return 0
}
