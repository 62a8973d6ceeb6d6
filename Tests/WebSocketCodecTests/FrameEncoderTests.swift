import Testing
import WebSocketCodec

@Suite struct FrameEncoderTests {
    /// What `write` appends as that role.
    static func encode(
        _ role: EndpointRole, _ write: (inout FrameEncoder, inout ByteBuffer) -> Void
    ) -> [UInt8] {
        var encoder = FrameEncoder(role: role)
        var output = ByteBuffer()
        write(&encoder, &output)
        return Array(output.readableBytes)
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536])
    func writesTheShortestLength(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let fromServer = Self.encode(.server) { $0.append(.binary, payload.span.bytes, to: &$1) }
        #expect(fromServer == frame(0x82, payload))

        let fromClient = Self.encode(.client) { $0.append(.binary, payload.span.bytes, to: &$1) }
        let keyOffset = fromClient.count - count - 4
        let key = Array(fromClient[keyOffset..<keyOffset + 4])
        #expect(fromClient == frame(0x82, payload, key: key))
    }

    @Test func takesAFreshKeyForEachFrame() {
        var keys: Set<[UInt8]> = []
        let bytes = Self.encode(.client) { encoder, output in
            for _ in 0..<1000 { encoder.append(.ping, [UInt8]().span.bytes, to: &output) }
        }
        for start in stride(from: 0, to: bytes.count, by: 6) {
            keys.insert(Array(bytes[start + 2..<start + 6]))
        }
        // Two of a thousand random keys are the same once in nine thousand runs; ten never are.
        #expect(keys.count > 990)
    }

    @Test(arguments: [
        ("Hello", 1, [frame(0x81, "Hello")]),
        ("Hello", 2, [frame(0x01, "Hel"), frame(0x80, "lo")]),
        ("Hello", 3, [frame(0x01, "He"), frame(0x00, "ll"), frame(0x80, "o")]),
        ("ab", 4, [frame(0x01, "a"), frame(0x00, "b"), frame(0x00, ""), frame(0x80, "")]),
        ("", 2, [frame(0x01, ""), frame(0x80, "")]),
    ])
    func cutsAMessageIntoFragments(_ text: String, _ fragments: Int, _ frames: [[UInt8]]) {
        let bytes = Self.encode(.server) {
            $0.append(.text, Array(text.utf8).span.bytes, fragments: fragments, to: &$1)
        }
        #expect(bytes == Array(frames.joined()))
    }

    @Test(arguments: [
        (nil as CloseCode?, "ignored", [0x88, 0x00]),
        (.normal, "", [0x88, 0x02, 0x03, 0xE8]),
        (.goingAway, "bye", [0x88, 0x05, 0x03, 0xE9] + Array("bye".utf8)),
        (.normal, String(repeating: "x", count: 200), [0x88, 125, 0x03, 0xE8] + [UInt8](repeating: 0x78, count: 123)),
        // 122 bytes and then a character of two: it does not fit.
        (
            .normal, String(repeating: "x", count: 122) + "é",
            [0x88, 124, 0x03, 0xE8] + [UInt8](repeating: 0x78, count: 122)
        ),
    ])
    func writesClosePayloads(_ code: CloseCode?, _ reason: String, _ expected: [UInt8]) {
        #expect(Self.encode(.server) { $0.appendClose(code, reason: reason, to: &$1) } == expected)
    }

    @Test func isUnderstoodByTheOtherEndsDecoder() {
        let text = String(repeating: "Grüße ", count: 40_000)
        for (sender, receiver) in [(EndpointRole.client, EndpointRole.server), (.server, .client)] {
            let bytes = Self.encode(sender) { encoder, output in
                encoder.append(.text, Array(text.utf8).span.bytes, fragments: 7, to: &output)
                encoder.append(.pong, ([1, 2, 3] as [UInt8]).span.bytes, to: &output)
                encoder.appendClose(.internalError, reason: "why", to: &output)
            }
            let decoded = decode([bytes], role: receiver)
            #expect(decoded.violation == nil)
            #expect(decoded.events.dropFirst() == [.pong([1, 2, 3]), .close(1011, "why")])
            let isSameText = decoded.events.first == .text(text)
            #expect(isSameText)
        }
    }
}
