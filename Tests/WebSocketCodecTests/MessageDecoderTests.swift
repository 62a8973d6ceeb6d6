import Testing
import WebSocketCodec

@Suite struct MessageDecoderTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]
        var events: [RecordedEvent]
        var role = EndpointRole.client

        init(_ name: String, _ bytes: [UInt8], _ events: [RecordedEvent], role: EndpointRole = .client) {
            self.testDescription = name
            self.bytes = bytes
            self.events = events
            self.role = role
        }
    }

    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    static let blob = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    static let samples: [Sample] = [
        // RFC 6455 §5.7
        Sample("unmasked text", hex("81 05 48 65 6c 6c 6f"), [.text("Hello")]),
        Sample("masked text", hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"), [.text("Hello")], role: .server),
        Sample("fragmented text", hex("01 03 48 65 6c 80 02 6c 6f"), [.text("Hello")]),
        Sample("ping", hex("89 05 48 65 6c 6c 6f"), [.ping(Array("Hello".utf8))]),
        Sample("masked pong", hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"), [.pong(Array("Hello".utf8))], role: .server),

        Sample("empty frames", hex("81 00 82 00 89 00 8a 00"), [.text(""), .binary([]), .ping([]), .pong([])]),
        Sample("16-bit length", frame(0x82, blob), [.binary(blob)]),
        Sample("masked, 16-bit length", frame(0x82, blob, key: key), [.binary(blob)], role: .server),
        Sample(
            "several messages", frame(0x81, "a") + frame(0x82, [1, 2]) + frame(0x81, "c"),
            [.text("a"), .binary([1, 2]), .text("c")]),
        Sample(
            "text that is ASCII between such that is not",
            frame(0x81, "ü") + frame(0x81, "abcdefghi") + frame(0x01, [0xC3]) + frame(0x80, [0xBC]),
            [.text("ü"), .text("abcdefghi"), .text("ü")]),
        Sample(
            "empty fragments", hex("01 00 00 00 80 00 02 00 80 01 07"), [.text(""), .binary([7])]),
        Sample(
            "control frames between fragments",
            frame(0x01, "Kö") + frame(0x89, "p") + frame(0x00, "ni") + frame(0x8A, "") + frame(0x80, "g"),
            [.ping(Array("p".utf8)), .pong([]), .text("König")]),
        Sample(
            "masked fragments with a ping",
            frame(0x02, blob, key: key) + frame(0x89, "hello", key: [1, 2, 3, 4])
                + frame(0x80, blob, key: [9, 8, 7, 6]),
            [.ping(Array("hello".utf8)), .binary(blob + blob)], role: .server),
        Sample(
            "fragments cut inside of code points",
            frame(0x01, [0x48, 0xF0]) + frame(0x00, [0x9F]) + frame(0x00, []) + frame(0x00, [0x98])
                + frame(0x80, [0x80]),
            [.text("H\u{1F600}")]),
        Sample(
            "two fragmented messages in a row",
            frame(0x01, "ab") + frame(0x80, "cd") + frame(0x02, [1]) + frame(0x80, [2]) + frame(0x81, "end"),
            [.text("abcd"), .binary([1, 2]), .text("end")]),
        Sample("close without a code", hex("88 00"), [.close(nil, "")]),
        Sample("close with a code", hex("88 02 03 e8"), [.close(1000, "")]),
        Sample("close with a reason", frame(0x88, [0x0F, 0xA0] + Array("grün".utf8)), [.close(4000, "grün")]),
        Sample(
            "longest close", frame(0x88, [0x03, 0xE9] + [UInt8](repeating: 0x61, count: 123)),
            [.close(1001, String(repeating: "a", count: 123))]),
        Sample("what follows a close is discarded", hex("88 00 81 01 61 ff ff ff"), [.close(nil, "")]),
        Sample(
            "close inside of a message", hex("01 01 61 88 02 03 e9 80 01 62"), [.close(1001, "")]),
    ]

    @Test(arguments: samples)
    func decodesTheSameWhereverTheBytesAreCut(_ sample: Sample) {
        for pieces in cuts(of: sample.bytes) {
            let decoded = decode(pieces, role: sample.role)
            #expect(decoded == Decoded(events: sample.events), "cut at \(pieces[0].count) of \(sample.bytes.count)")
        }
    }

    @Test func decodesLengthsAroundTheirEncodingsInWholeAndInReads() {
        for count in [125, 126, 65535, 65536, 200_000] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            for (role, key) in [(EndpointRole.client, nil), (.server, Self.key)] {
                let bytes = frame(0x82, payload, key: key)
                let expected = Decoded(events: [.binary(payload)])
                #expect(decode([bytes], role: role) == expected, "\(count) bytes")
                let reads = stride(from: 0, to: bytes.count, by: 1021).map { Array(bytes[$0...].prefix(1021)) }
                #expect(decode(reads, role: role) == expected, "\(count) bytes in reads of 1021")
            }
        }
    }

    @Test func deliversWholeFramesInPlace() throws {
        var bytes = frame(0x82, [1, 2, 3])
        try bytes.withUnsafeMutableBytes { received in
            var decoder = MessageDecoder(role: .client)
            var position = 0
            guard case .binary(let payload)? = try decoder.next(in: received, at: &position) else {
                Issue.record("no message")
                return
            }
            #expect(payload.baseAddress == UnsafeRawPointer(received.baseAddress! + 2))
            #expect(position == 5)
        }
    }

    @Test func knowsWhetherSomethingIsIncomplete() throws {
        let bytes = frame(0x01, "ab") + frame(0x80, "c")
        for cut in 0...bytes.count {
            var decoder = MessageDecoder(role: .client)
            var memory = Array(bytes[..<cut])
            try memory.withUnsafeMutableBytes { received in
                var position = 0
                while try decoder.next(in: received, at: &position) != nil {}
                #expect(position == cut)
            }
            #expect(decoder.isIncomplete == (cut != 0 && cut != bytes.count), "cut at \(cut)")
        }
    }

    @Test func isSmallWhileIdle() {
        #expect(MemoryLayout<MessageDecoder>.size < 112)
    }

    /// What was declared costs nothing; what has arrived is given back with the end of the message.
    @Test func holdsMemoryOnlyForWhatHasArrived() throws {
        let size = MessageDecoder.defaultMaximumMessageSize
        var decoder = MessageDecoder(role: .client)
        func feed(_ bytes: [UInt8]) throws {
            var bytes = bytes
            try bytes.withUnsafeMutableBytes { received in
                var position = 0
                while try decoder.next(in: received, at: &position) != nil {}
            }
        }
        try feed(hex("89 00 82 7f 00 00 00 00 01 00 00 00"))
        #expect(decoder.allocatedByteCount == 0)
        try feed([1, 2, 3])
        #expect((3...256).contains(decoder.allocatedByteCount))
        try feed([UInt8](repeating: 4, count: 100_000))
        #expect((100_003...200_006).contains(decoder.allocatedByteCount))
        try feed([UInt8](repeating: 4, count: size - 100_003))
        #expect(decoder.allocatedByteCount == 0)
    }

    /// Where nothing limits a message, a length of 10 GiB or of 2^63 - 1 is a promise that costs nothing.
    @Test(arguments: [hex("82 7f 00 00 00 02 80 00 00 00"), hex("82 7f 7f ff ff ff ff ff ff ff")])
    func holdsNoMemoryForWhatIsDeclared(_ header: [UInt8]) {
        var decoder = MessageDecoder(role: .client, maximumMessageSize: .max)
        var bytes = hex("02 03 61 62 63") + [0x00] + header.dropFirst() + hex("64 65")
        let accepts = header[2] == 0
        bytes.withUnsafeMutableBytes { received in
            var position = 0
            do throws(ProtocolViolation) {
                #expect(try decoder.next(in: received, at: &position) == nil)
            } catch {
                // Together with the three bytes before it, this is more than any limit.
                #expect(error.kind == .tooBig && !accepts)
            }
        }
        #expect(decoder.isIncomplete == accepts)
        #expect(decoder.allocatedByteCount <= 256)
    }

    /// Arbitrary bytes do no harm, and are judged the same in one piece and byte by byte.
    @Test func takesArbitraryBytes() {
        var state: UInt64 = 1
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // Mostly headers that mean something, so that decoding gets beyond the first byte.
        let likely = hex("81 82 01 02 00 80 88 89 8a 05 03 01 7e 7f 85 83 fe e8")
        for _ in 0..<5000 {
            let bytes = (0..<random(below: 40)).map { _ in
                random(below: 4) == 0 ? UInt8(random(below: 256)) : likely[random(below: likely.count)]
            }
            for role in [EndpointRole.client, .server] {
                let whole = decode([bytes], role: role, maximumMessageSize: 500)
                #expect(decode(bytes.map { [$0] }, role: role, maximumMessageSize: 500) == whole, "\(bytes)")
            }
        }
    }
}
