import Testing
import WebSocketCodec

@Suite struct ProtocolViolationTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        var bytes: [UInt8]
        var kind: ProtocolViolation.Kind
        var reason: String
        var events: [RecordedEvent] = []
        var role = EndpointRole.client

        var testDescription: String { reason }

        init(
            _ bytes: [UInt8], _ kind: ProtocolViolation.Kind, _ reason: String, after events: [RecordedEvent] = [],
            role: EndpointRole = .client
        ) {
            self.bytes = bytes
            self.kind = kind
            self.reason = reason
            self.events = events
            self.role = role
        }
    }

    static let limit = 1000

    static let samples: [Sample] = [
        Sample(hex("c1 00"), .framing, "text frame with RSV1 set, though no extension was negotiated"),
        Sample(hex("b9 00"), .framing, "ping frame with RSV2, RSV3 set, though no extension was negotiated"),
        Sample(hex("83 00"), .framing, "frame with the reserved opcode 0x3"),
        Sample(hex("87 00"), .framing, "frame with the reserved opcode 0x7"),
        Sample(hex("8b 00"), .framing, "frame with the reserved opcode 0xb"),
        Sample(hex("8f 00"), .framing, "frame with the reserved opcode 0xf"),
        Sample(hex("81 80 00 00 00 00"), .framing, "masked frame from the server"),
        Sample(hex("81 00"), .framing, "unmasked frame from the client", role: .server),
        Sample(hex("09 00"), .framing, "fragmented ping frame"),
        Sample(hex("08 00"), .framing, "fragmented close frame"),
        Sample(hex("89 7e 00 7e"), .framing, "ping frame with more than 125 bytes of payload"),
        Sample(hex("88 7f"), .framing, "close frame with more than 125 bytes of payload"),
        Sample(hex("82 7e 00 7d"), .framing, "payload length 125 written in 16 bits instead of 7"),
        Sample(hex("82 7f 00 00 00 00 00 00 00 7d"), .framing, "payload length 125 written in 64 bits instead of 7"),
        Sample(
            hex("82 7f 00 00 00 00 00 00 ff ff"), .framing, "payload length 65535 written in 64 bits instead of 16"),
        Sample(hex("82 7f 80 00 00 00 00 00 00 00"), .framing, "64-bit payload length with its highest bit set"),
        Sample(hex("80 00"), .framing, "continuation frame outside of a message"),
        Sample(
            frame(0x01, "a") + frame(0x80, "b") + hex("80 00"), .framing, "continuation frame outside of a message",
            after: [.text("ab")]),
        Sample(
            frame(0x01, "a") + hex("82 00"), .framing,
            "binary frame before the last fragment of the message before it"),
        Sample(hex("88 01 03"), .framing, "close frame with a payload of one byte"),
        Sample(
            frame(0x81, "one") + frame(0x89, "two") + hex("ff"), .framing, "frame with the reserved opcode 0xf",
            after: [.text("one"), .ping(Array("two".utf8))]),

        Sample(hex("88 04 03 e8 c3 28"), .invalidUTF8, "close frame with a reason that is not UTF-8"),
        Sample(hex("88 03 03 e8 c3"), .invalidUTF8, "close frame with a reason that is not UTF-8"),
        Sample(hex("81 04 61 62 ff 63"), .invalidUTF8, "text message that is not UTF-8 at byte 2"),
        Sample(hex("81 02 61 e2"), .invalidUTF8, "text message that ends inside of a UTF-8 sequence"),
        Sample(
            frame(0x01, [0x61, 0xE2]) + frame(0x80, [0x61]), .invalidUTF8, "text message that is not UTF-8 at byte 2"),
        Sample(
            frame(0x01, [0x61, 0xE2]) + frame(0x80, []), .invalidUTF8,
            "text message that ends inside of a UTF-8 sequence"),

        Sample(
            hex("82 7e 03 e9"), .tooBig, "message of at least 1001 bytes, where 1000 are the limit"),
        Sample(
            hex("82 7f 00 00 00 02 80 00 00 00"), .tooBig,
            "message of at least 10737418240 bytes, where 1000 are the limit"),
        Sample(
            hex("82 ff 7f ff ff ff ff ff ff ff 00 00 00 00"), .tooBig,
            "message of at least 9223372036854775807 bytes, where 1000 are the limit", role: .server),
        Sample(
            frame(0x02, [UInt8](repeating: 0, count: 600)) + hex("00 7e 01 91"), .tooBig,
            "message of at least 1001 bytes, where 1000 are the limit"),
    ]

    @Test(arguments: samples)
    func isFoundWhereverTheBytesAreCut(_ sample: Sample) {
        for pieces in cuts(of: sample.bytes) {
            let decoded = decode(pieces, role: sample.role, maximumMessageSize: Self.limit)
            #expect(decoded.violation?.kind == sample.kind)
            #expect(decoded.violation?.reason == sample.reason)
            #expect(decoded.events == sample.events)
        }
    }

    @Test(arguments: [
        (ProtocolViolation.Kind.framing, hex("83"), CloseCode.protocolError, "protocol"),
        (.invalidUTF8, hex("81 01 ff"), .invalidPayload, "utf8"),
        (.tooBig, hex("82 7e 03 e9"), .messageTooBig, "too_big"),
    ])
    func isAnsweredWithTheCloseCodeOfItsKind(
        _ kind: ProtocolViolation.Kind, _ bytes: [UInt8], _ code: CloseCode, _ label: String
    ) {
        let violation = decode([bytes], maximumMessageSize: Self.limit).violation
        #expect(violation?.kind == kind)
        #expect(violation?.closeCode == code)
        #expect(kind.rawValue == label)
    }

    /// Autobahn 6.4: the offending byte is enough, however much of the frame is still to come.
    @Test(arguments: [
        hex("81 7e 01 00 61 ff"),
        hex("81 7e 01 00 61 c0"),
        hex("81 7e 01 00 e0 9f"),
        hex("81 7e 01 00 ed a0"),
        hex("81 7e 01 00 f0 8f"),
        hex("81 7e 01 00 f4 90"),
        hex("01 01 f4") + hex("00 7e 01 00 90"),
    ])
    func ofUTF8IsFoundInsideOfAPartialFrame(_ bytes: [UInt8]) {
        #expect(decode([Array(bytes.dropLast())]).violation == nil)
        #expect(decode([bytes]).violation?.kind == .invalidUTF8)
        #expect(decode(bytes.map { [$0] }).violation?.kind == .invalidUTF8)
    }

    /// Short text is looked at in a way of its own.
    @Test(arguments: [1, 7, 8, 9, 15, 16, 17, 33, 63, 64, 65, 124, 125])
    func ofUTF8IsFoundAtItsByteInAShortMessage(_ count: Int) {
        for place in 0..<count {
            var text = [UInt8](repeating: 0x61, count: count)
            text[place] = 0xFF
            let violation = decode([frame(0x81, text)]).violation
            #expect(violation?.reason == "text message that is not UTF-8 at byte \(place)")
        }
    }

    @Test func ofReservedBitsIsFoundByTheFirstByte() {
        #expect(decode([[0xC1]]).violation?.kind == .framing)
        #expect(decode([[0x83]]).violation?.kind == .framing)
        #expect(decode([[0x09]]).violation?.kind == .framing)
    }

    @Test func ofFragmentCountBoundsAMessageThatNeverEnds() {
        let limit = MessageDecoder.maximumFragmentCount
        func message(fragments: Int) -> [UInt8] {
            hex("02 00") + Array(repeatElement(hex("00 00"), count: fragments - 2).joined()) + hex("80 00")
        }
        #expect(decode([message(fragments: limit)]) == Decoded(events: [.binary([])]))
        #expect(decode([message(fragments: limit + 1)]).violation?.kind == .tooBig)
    }

    @Test func nothingIsAcceptedAfterwards() {
        let decoded = decode([hex("83 00"), hex("81 01 61"), hex("89 00")])
        #expect(decoded.events.isEmpty)
        #expect(decoded.violation?.reason == "frame with the reserved opcode 0x3")
    }

    @Test func messageOfExactlyTheLimitIsTaken() {
        let payload = [UInt8](repeating: 7, count: Self.limit)
        #expect(decode([frame(0x82, payload)], maximumMessageSize: Self.limit).events == [.binary(payload)])
        let fragments = frame(0x02, Array(payload[..<400])) + frame(0x80, Array(payload[400...]))
        #expect(decode([fragments], maximumMessageSize: Self.limit).events == [.binary(payload)])
        #expect(decode([hex("82 00")], maximumMessageSize: 0).events == [.binary([])])
    }
}
