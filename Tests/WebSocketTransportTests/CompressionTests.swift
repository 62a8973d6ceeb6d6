import Synchronization
import Testing
import WebSocketCodec
import WebSocketTransport

/// permessage-deflate (RFC 7692) over a connection.
@Suite(.timeLimit(.minutes(1)))
struct CompressionTests {
    /// "Hello" by RFC 7692 §7.2.3.1, and once more with the window of it (§7.2.3.2).
    static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    static let helloAgain: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]

    private static func offer(_ change: (inout CompressionOffer) -> Void = { _ in }) -> CompressionOffer {
        var offer = CompressionOffer()
        change(&offer)
        return offer
    }

    /// Sends every text back.
    private static let echo: Recorder.Reaction = { loop, connection, event in
        if case .text(let text) = event { loop.send(.text, Array(text.utf8).span.bytes, on: connection) }
    }

    /// What the peer gets for two times "Hello", as the frames it reads; `second` is the second of them.
    private static func echoes(
        answer: String, second: [UInt8], _ offer: CompressionOffer
    ) async throws -> (events: [LoopEvent], frames: [[UInt8]]) {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let peer = FakePeer { socket in
            socket.open(extensions: answer)
            for payload in [hello, second] {
                socket.writeFrame(0xC1, payload)
                guard let frame = socket.readFrame() else { break }
                continuation.yield([frame.first] + frame.payload)
            }
            socket.write([0x88, 2, 0x03, 0xE8])
            _ = socket.readFrame()
            continuation.finish()
        }
        defer { peer.stop() }
        let (events, _) = try await record(try request(port: peer.port, compression: offer), reaction: echo)
        var frames: [[UInt8]] = []
        for await frame in stream { frames.append(frame) }
        return (events, frames)
    }

    private static let echoed: [LoopEvent] = [
        .opened(), .text("Hello"), .text("Hello"), .closeReceived(1000),
        .closed(sent: 1000, received: 1000, byPeer: true),
    ]

    @Test func refersToEarlierMessages() async throws {
        let (events, frames) = try await Self.echoes(
            answer: "permessage-deflate", second: Self.helloAgain, Self.offer())
        #expect(events == Self.echoed)
        #expect(frames == [[0xC1] + Self.hello, [0xC1] + Self.helloAgain])
    }

    @Test(arguments: [
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits=9",
    ])
    func refersToNoEarlierMessageWhereThatIsAgreed(_ answer: String) async throws {
        let (events, frames) = try await Self.echoes(answer: answer, second: Self.hello, Self.offer())
        #expect(events == Self.echoed)
        #expect(frames == [[0xC1] + Self.hello, [0xC1] + Self.hello])
    }

    @Test func sendsShortMessagesAsTheyAre() async throws {
        let (events, frames) = try await Self.echoes(
            answer: "permessage-deflate", second: Self.helloAgain, Self.offer { $0.threshold = 6 })
        #expect(events == Self.echoed)
        #expect(frames == [[0x81] + Array("Hello".utf8), [0x81] + Array("Hello".utf8)])
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer = "permessage-deflate"
        var bytes: [UInt8] = []
        var expected: [LoopEvent]
        var detail: String
    }

    static let failures = [
        Failure(
            testDescription: "an extension that was not offered", answer: "permessage-deflate, mux",
            expected: [.failed(.handshake, status: 101, body: "")],
            detail: "the server uses the extension 'mux', where only 'permessage-deflate' was offered"),
        Failure(
            testDescription: "no DEFLATE", bytes: [0xC1, 2, 0x06, 0x00],
            expected: [.opened(), .closed(.protocol, sent: 1007)],
            detail: "compressed message that is not DEFLATE data: invalid block type"),
        Failure(
            testDescription: "not UTF-8", bytes: [0xC1, 7, 0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00],
            expected: [.opened(), .closed(.utf8, sent: 1007)], detail: "text message that is not UTF-8 at byte 0"),
        Failure(
            testDescription: "RSV1 on a ping", bytes: [0xC9, 0],
            expected: [.opened(), .closed(.protocol, sent: 1002)],
            detail: "ping frame with RSV1 set, which is for the first frame of a message"),
        Failure(
            testDescription: "a good message and then a bad one", bytes: [0xC1, 7] + hello + [0xC1, 2, 0x06, 0x00],
            expected: [.opened(), .text("Hello"), .closed(.protocol, sent: 1007)],
            detail: "compressed message that is not DEFLATE data: invalid block type"),
        Failure(
            testDescription: "a message that inflates to too much",
            bytes: [0xC2, 126, UInt8(zeros.count >> 8), UInt8(zeros.count & 0xFF)] + zeros,
            expected: [.opened(), .closed(.tooBig, sent: 1009)],
            detail: "compressed message that inflates to more than 1000 bytes, which are the limit"),
    ]

    /// A megabyte of zeros, compressed.
    static let zeros: [UInt8] = {
        let deflater = MessageDeflater(CompressionAgreement.Terms(), level: 6, contexts: CompressionContexts())
        var bytes: [UInt8] = []
        [UInt8](repeating: 0, count: 1 << 20).withUnsafeBytes { deflater.compress($0) { bytes = Array($0) } }
        return bytes
    }()

    @Test(arguments: failures)
    func tellsWhatThePeerDidWrong(_ failure: Failure) async throws {
        let peer = FakePeer { socket in
            socket.open(extensions: failure.answer)
            socket.write(failure.bytes)
            socket.readToEnd()
        }
        defer { peer.stop() }
        let (events, detail) = try await record(
            try request(port: peer.port, maximumMessageSize: 1_000, compression: Self.offer()))
        #expect(events == failure.expected)
        #expect(detail == failure.detail)
    }

    /// Counts the messages that it is told in one pass of the loop.
    private final class PassCounter: LoopClient {
        struct Counts {
            var inPass = 0
            var most = 0
            var all = 0
        }

        let counts = Mutex(Counts())
        private let done: AsyncStream<Void>.Continuation

        init(done: AsyncStream<Void>.Continuation) { self.done = done }

        func message(
            on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
            receivedAtNanoseconds: Int64
        ) {
            counts.withLock { counts in
                counts.inPass += 1
                counts.all += 1
                counts.most = max(counts.most, counts.inPass)
            }
        }

        func passEnded(on loop: EventLoop) { counts.withLock { $0.inPass = 0 } }

        func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd) {
            done.finish()
        }
    }

    /// 60 KiB, received at once, that inflate to 60 MiB: others have their turn after 16 of them.
    @Test func whatInflatesToMuchLeavesTheOthersTheirTurn() async throws {
        let message = [0xC2, 126, UInt8(Self.zeros.count >> 8), UInt8(Self.zeros.count & 0xFF)] + Self.zeros
        let peer = FakePeer { socket in
            socket.open(extensions: "permessage-deflate")
            socket.write(Array(repeatElement(message, count: 60).joined()) + [0x88, 2, 0x03, 0xE8])
            socket.readToEnd()
        }
        defer { peer.stop() }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        let counter = PassCounter(done: continuation)
        loop.client = counter
        loop.start()
        let request = try request(port: peer.port, compression: Self.offer())
        loop.enqueue { _ = $0.connect(request, context: 1) }
        for await _ in stream {}
        let (most, all) = counter.counts.withLock { ($0.most, $0.all) }
        #expect(all == 60)
        #expect((1...16).contains(most), "\(most) messages in one pass")
    }
}
