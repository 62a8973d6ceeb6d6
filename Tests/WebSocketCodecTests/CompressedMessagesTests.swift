import CZlib
import Testing
import WebSocketCodec

@Suite struct CompressedMessagesTests {
    /// The contexts in which a stream reads the same.
    private static func contexts(of messages: CompressedMessages) -> [Bool] {
        messages.needsContext ? [true] : [true, false]
    }

    @Test(arguments: CompressedMessages.all)
    func readTheSameWhereverTheyAreCut(_ messages: CompressedMessages) {
        for takesContextOver in Self.contexts(of: messages) {
            for pieces in messages.cuts {
                let decoded = decode(pieces, compression: .init(takesContextOver: takesContextOver))
                #expect(decoded.lines == messages.outcome, "context \(takesContextOver), cut at \(pieces[0].count)")
            }
        }
    }

    /// As clients send them: masked.
    @Test(arguments: CompressedMessages.all.filter { !$0.outcome.joined().contains("violation") })
    func readTheSameWhereTheyAreMasked(_ messages: CompressedMessages) {
        let masked = Self.masked(messages.bytes)
        for pieces in [[masked], masked.map { [$0] }] {
            let decoded = decode(pieces, role: .server, compression: .init(takesContextOver: true))
            #expect(decoded.lines == messages.outcome, "\(pieces.count) pieces")
        }
    }

    private static func masked(_ frames: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        var rest = frames[...]
        while let first = rest.popFirst(), let short = rest.popFirst() {
            let count = short < 126 ? Int(short) : Int(rest.popFirst()!) << 8 | Int(rest.popFirst()!)
            masked += frame(
                first, Array(rest.prefix(count)), key: [0x37, 0xFA, 0x21, UInt8(truncatingIfNeeded: count)])
            rest = rest.dropFirst(count)
        }
        return masked
    }

    /// Connections whose messages do not refer to each other share a decompressor, and none sees another's: not even
    /// where all of them are in the midst of a message.
    @Test func ofManyConnectionsDoNotMix() {
        let streams = CompressedMessages.all.filter { !$0.needsContext }
        let contexts = CompressionContexts()
        let connections = streams.map { _ in
            DecodingConnection(.init(takesContextOver: false), contexts: contexts)
        }
        for offset in 0..<streams.map(\.bytes.count).max()! {
            for (connection, stream) in zip(connections, streams) where offset < stream.bytes.count {
                connection.take([stream.bytes[offset]])
            }
        }
        for (connection, stream) in zip(connections, streams) {
            #expect(connection.decoded.lines == stream.outcome, "\(stream.name)")
        }
    }

    /// RSV1 has no meaning where nothing was negotiated (RFC 6455 §5.2).
    @Test func areRefusedWithoutAnAgreement() {
        let violation = decode([hex("c1 07 f2 48 cd c9 c9 07 00")]).violation
        #expect(violation?.reason == "text frame with RSV1 set, though no extension was negotiated")
        #expect(violation?.closeCode == .protocolError)
    }

    // MARK: Limits

    /// 64 MiB of zeros in 64 KiB.
    static let bomb = compressed([UInt8](repeating: 0, count: 64 << 20))

    static func compressed(_ payload: [UInt8]) -> [UInt8] {
        let deflater = MessageDeflater(
            .init(takesContextOver: false), level: 6, contexts: CompressionContexts())
        var result: [UInt8] = []
        payload.withUnsafeBytes { deflater.compress($0) { result = Array($0) } }
        return result
    }

    @Test(arguments: [true, false], [1 << 10, 64 << 10])
    func bombsAreCutOffWhileTheyInflate(takesContextOver: Bool, _ pieceSize: Int) {
        let bytes = frame(0xC2, Self.bomb)
        #expect(bytes.count < 70_000)
        let connection = DecodingConnection(.init(takesContextOver: takesContextOver))
        for start in stride(from: 0, to: bytes.count, by: pieceSize) {
            connection.take(Array(bytes[start...].prefix(pieceSize)))
            #expect(connection.allocatedByteCount <= 4 << 20)
        }
        let violation = connection.decoded.violation
        #expect(violation?.kind == .tooBig)
        #expect(violation?.closeCode == .messageTooBig)
        #expect(
            violation?.reason.hasPrefix("compressed message that inflates to more than 200 times its size: ") == true)
        #expect(connection.allocatedByteCount == 0)
    }

    /// The limit on messages holds for what comes out, to the byte.
    @Test(arguments: [true, false], [1, 7, 100_000])
    func limitIsOnWhatComesOut(takesContextOver: Bool, _ pieceSize: Int) {
        let payload = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let bytes = frame(0xC2, Self.compressed(payload))
        let pieces = stride(from: 0, to: bytes.count, by: pieceSize).map { Array(bytes[$0...].prefix(pieceSize)) }
        let terms = CompressionAgreement.Terms(takesContextOver: takesContextOver)
        let whole = decode(pieces, maximumMessageSize: payload.count, compression: terms)
        #expect(whole == Decoded(events: [.binary(payload)]))
        let cut = decode(pieces, maximumMessageSize: payload.count - 1, compression: terms)
        #expect(cut.events.isEmpty)
        #expect(cut.violation?.closeCode == .messageTooBig)
        #expect(
            cut.violation?.reason
                == "compressed message that inflates to more than 99999 bytes, which are the limit")
    }

    /// Its header is enough where no message can need so many bytes.
    @Test func compressedSizeIsJudgedByTheHeader() {
        let violation = decode(
            [hex("c2 7f 00 00 00 02 80 00 00 00")], compression: .init(takesContextOver: true)
        ).violation
        #expect(violation?.kind == .tooBig)
        #expect(
            violation?.reason
                == "compressed message of at least 10737418240 bytes, where 33555456 are the limit")
        #expect(
            decode(
                [hex("42 7e 40 00")] + [[UInt8](repeating: 0, count: 0)], maximumMessageSize: 8 << 10,
                compression: .init(takesContextOver: true)
            ).violation == nil)
    }

    /// However a connection ends, what its messages have taken goes back.
    @Test(arguments: [[], frame(0x88, ""), frame(0xC2, [0x06, 0x00])])
    func largeMessagesLeaveNoMemoryBehind(_ end: [UInt8]) {
        let payload = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let contexts = CompressionContexts()
        let connection = DecodingConnection(.init(takesContextOver: true), contexts: contexts)
        connection.take(frame(0xC2, Self.compressed(payload)) + end)
        #expect(connection.decoded.events.first == .binary(payload))
        #expect(connection.allocatedByteCount == 0)
        #expect(contexts.allocatedByteCount <= 256 << 10)
    }

    /// Nor does one that is wrong behind all that came out of it.
    @Test func largeViolationsLeaveNoMemoryBehind() {
        let payload = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let contexts = CompressionContexts()
        let connection = DecodingConnection(.init(takesContextOver: true), contexts: contexts)
        connection.take(frame(0xC2, Self.compressed(payload) + [0x06]))
        #expect(connection.decoded.violation?.kind == .framing)
        #expect(contexts.allocatedByteCount <= 256 << 10)
    }

    /// What has left the agreed window when a message begins, the message cannot refer to.
    @Test(arguments: [(512, true), (800, false)])
    func peerKeepsToItsWindow(distance: Int, isRight: Bool) {
        var generator = Generator(state: 1)
        let payload = (0..<distance).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let deflater = MessageDeflater(.init(takesContextOver: true), level: 6, contexts: CompressionContexts())
        let connection = DecodingConnection(.init(takesContextOver: true, windowBits: 9))
        for _ in 0..<2 {
            payload.withUnsafeBytes { deflater.compress($0) { connection.take(frame(0xC2, Array($0))) } }
        }
        #expect(connection.decoded.events == Array(repeating: .binary(payload), count: isRight ? 2 : 1))
        #expect(
            connection.decoded.violation?.reason
                == (isRight
                    ? nil : "compressed message that is not DEFLATE data: invalid distance too far back"))
    }

    // MARK: What we send

    static let texts = ["", "Hello", "Hello", "", "", String(repeating: "Grüße, ", count: 9_000), "Hello"]

    @Test(arguments: 8...15, [0, 1, 6, 9])
    func whatIsSentReadsTheSame(_ windowBits: Int, _ level: Int) {
        for takesContextOver in [true, false] {
            let terms = CompressionAgreement.Terms(takesContextOver: takesContextOver, windowBits: windowBits)
            let deflater = MessageDeflater(terms, level: level, contexts: CompressionContexts())
            var encoder = FrameEncoder(role: .client)
            var output = ByteBuffer()
            for text in Self.texts {
                Array(text.utf8).withUnsafeBytes { payload in
                    deflater.compress(payload) {
                        encoder.append(.text, $0.bytes, fragments: 3, isCompressed: true, to: &output)
                    }
                }
            }
            let decoded = decode([Array(output.readableBytes)], role: .server, compression: terms)
            #expect(decoded == Decoded(events: Self.texts.map { .text($0) }))
        }
    }

    /// One compressor serves connections whose servers have asked for different windows.
    @Test func differentTermsShareContexts() {
        let contexts = CompressionContexts()
        let all = [15, 9, 15, 10].map { CompressionAgreement.Terms(takesContextOver: false, windowBits: $0) }
        let payload = Array(String(repeating: "Grüße, ", count: 300).utf8)
        for terms in all + all {
            let deflater = MessageDeflater(terms, level: 6, contexts: contexts)
            payload.withUnsafeBytes { payload in
                deflater.compress(payload) { compressed in
                    let decoded = decode([frame(0xC2, Array(compressed))], compression: terms)
                    #expect(decoded == Decoded(events: [.binary(Array(payload))]))
                }
            }
        }
    }

    /// zlib cannot compress with a window of 8 bits. What it makes with 9 has to stay within 256 bytes all the same: it
    /// is inflated here byte by byte with a window of no more than that.
    @Test(arguments: [1, 6, 9])
    func windowOfEightBitsIsKeptTo(_ level: Int) throws {
        let terms = CompressionAgreement.Terms(takesContextOver: true, windowBits: 8)
        for distance in 200...520 {
            // Random bytes that come again after `distance` bytes, and nowhere else.
            var generator = Generator(state: UInt64(distance))
            let block = (0..<distance).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let payload = block + block + block
            let deflater = MessageDeflater(terms, level: level, contexts: CompressionContexts())
            payload.withUnsafeBytes { bytes in
                deflater.compress(bytes) { #expect(inflatedByteByByte($0, windowBits: 8) == payload) }
            }
        }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// Inflated with so little room for output that all that it refers to has to be in the window.
    private func inflatedByteByByte(_ bytes: UnsafeRawBufferPointer, windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        var output: [UInt8] = []
        var input = Array(bytes)
        inflateInit2_(&stream, -windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(&stream) }
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var byte: UInt8 = 0
            var isDone = false
            while !isDone {
                withUnsafeMutablePointer(to: &byte) { place in
                    stream.next_out = place
                    stream.avail_out = 1
                    isDone = inflate(&stream, Z_NO_FLUSH) != Z_OK || stream.avail_out == 1
                    if stream.avail_out == 0 { output.append(place.pointee) }
                }
            }
        }
        return output
    }

    @Test func tableHasNoCaseTwice() {
        #expect(CompressedMessages.all.count >= 45)
        #expect(Set(CompressedMessages.all.map(\.name)).count == CompressedMessages.all.count)
        #expect(Set(CompressedMessages.all.map(\.bytes)).count == CompressedMessages.all.count)
    }
}
