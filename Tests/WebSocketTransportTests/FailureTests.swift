import Glibc
import TestSupport
import Testing
import WebSocketCodec
import WebSocketTransport

/// Peers that misbehave, one way each, and what the client is told of it.
@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var peer: @Sendable (PeerSocket) -> Void
        var expected: [LoopEvent]
        var detail = ""
        var connectTimeoutSeconds = 10.0
        var closeTimeoutSeconds = 5.0
        var reaction: Recorder.Reaction = { _, _, _ in }
    }

    static let opening: [Case] = [
        Case(
            testDescription: "silence", peer: { $0.readToEnd() }, expected: [.failed(.timeout)],
            detail: "no answer to the opening handshake within 200ms", connectTimeoutSeconds: 0.2),
        Case(
            testDescription: "an answer with a body",
            peer: {
                _ = $0.readHead()
                $0.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")
                $0.write("lo")
                $0.readToEnd()
            }, expected: [.failed(.httpStatus, status: 200, body: "hello")], detail: "the server answered 200 OK"),
        Case(
            testDescription: "an answer whose body ends with the connection",
            peer: {
                _ = $0.readHead()
                $0.write("HTTP/1.1 503 Busy\r\n\r\ncome back")
            }, expected: [.failed(.httpStatus, status: 503, body: "come back")], detail: "the server answered 503 Busy"),
        Case(
            testDescription: "an answer whose body never ends",
            peer: {
                _ = $0.readHead()
                $0.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno")
                $0.readToEnd()
            }, expected: [.failed(.httpStatus, status: 403, body: "no")], detail: "the server answered 403 Forbidden"),
        Case(
            testDescription: "a wrong Sec-WebSocket-Accept",
            peer: {
                _ = $0.readHead()
                $0.write($0.acceptance(of: ""))
                $0.readToEnd()
            }, expected: [.failed(.handshake, status: 101, body: "")]),
        Case(
            testDescription: "no HTTP",
            peer: {
                $0.write("220 ready\r\n")
                $0.readToEnd()
            }, expected: [.failed(.handshake)]),
        Case(
            testDescription: "the end before an answer", peer: { _ = $0.readHead() }, expected: [.failed(.handshake)],
            detail: "the peer closed the connection before answering"),
        Case(
            testDescription: "the end inside of an answer",
            peer: {
                _ = $0.readHead()
                $0.write("HTTP/1.1 101 Swi")
            }, expected: [.failed(.handshake)], detail: "the peer closed the connection in the middle of its answer"),
        Case(
            testDescription: "a reset before an answer",
            peer: {
                _ = $0.readHead()
                $0.resetOnClose()
            }, expected: [.failed(.reset)]),
    ]

    static let open: [Case] = [
        Case(
            testDescription: "a reset",
            peer: {
                $0.open()
                $0.resetOnClose()
            }, expected: [.opened(), .closed(.reset)]),
        Case(
            testDescription: "the end without a Close frame", peer: { $0.open() },
            expected: [.opened(), .closed(.abnormalClosure)],
            detail: "the peer ended the connection without a Close frame"),
        Case(
            testDescription: "the end inside of a frame",
            peer: {
                $0.open()
                $0.write([0x81, 5, 0x68])
            }, expected: [.opened(), .closed(.abnormalClosure)],
            detail: "the peer ended the connection without a Close frame, in the middle of a message"),
        Case(
            testDescription: "frames in one segment with the answer",
            peer: {
                $0.write(Array($0.acceptance(of: $0.readHead()).utf8) + [0x81, 2, 0x68, 0x69, 0x88, 2, 0x03, 0xE9])
                $0.readToEnd()
            },
            expected: [
                .opened(), .text("hi"), .closeReceived(1001), .closed(sent: 1001, received: 1001, byPeer: true),
            ]),
        Case(
            testDescription: "an answer in single bytes",
            peer: {
                for byte in Array($0.acceptance(of: $0.readHead()).utf8) + [0x81, 1, 0x68, 0x88, 0] { $0.write([byte]) }
                $0.readToEnd()
            }, expected: [.opened(), .text("h"), .closeReceived(nil), .closed(byPeer: true)]),
        Case(
            testDescription: "a Close frame that leaves TCP open",
            peer: {
                $0.open()
                $0.write([0x88, 4, 0x03, 0xE8, 0x6F, 0x6B])
                $0.readToEnd()
            }, expected: [.opened(), .closeReceived(1000, "ok"), .closed(sent: 1000, received: 1000, byPeer: true)]),
        Case(
            testDescription: "a ping, which it wants to see answered",
            peer: {
                $0.open()
                $0.write([0x89, 2, 0x68, 0x69])
                guard let frame = $0.readFrame(), frame == (0x8A, [0x68, 0x69]) else { return }
                $0.write([0x88, 2, 0x03, 0xE8])
                guard let answer = $0.readFrame(), answer == (0x88, [0x03, 0xE8]) else { $0.resetOnClose(); return }
            },
            expected: [
                .opened(), .ping("hi"), .closeReceived(1000), .closed(sent: 1000, received: 1000, byPeer: true),
            ]),
        Case(
            testDescription: "no answer to our Close frame",
            peer: {
                $0.open()
                $0.readToEnd()
            }, expected: [.opened(), .closed(.closeTimeout, sent: 1000)],
            detail: "no answer to our Close frame within 200ms", closeTimeoutSeconds: 0.2,
            reaction: { loop, connection, event in if event == .opened() { loop.close(connection) } }),
        Case(
            testDescription: "messages after our Close frame",
            peer: {
                $0.open()
                _ = $0.readFrame()
                $0.write([0x81, 1, 0x61, 0x88, 2, 0x03, 0xE8])
            }, expected: [.opened(), .text("a"), .closed(sent: 1000, received: 1000)],
            reaction: { loop, connection, event in if event == .opened() { loop.close(connection) } }),
        Case(
            testDescription: "text that is not UTF-8",
            peer: {
                $0.open()
                $0.write([0x81, 1, 0xFF])
                $0.readToEnd()
            }, expected: [.opened(), .closed(.utf8, sent: 1007)]),
        Case(
            testDescription: "a frame that is cut off by the client itself",
            peer: {
                $0.open()
                $0.write([0x81, 1, 0x61, 0x81, 1, 0x62])
                $0.readToEnd()
            }, expected: [.opened(), .text("a"), .closed(.abnormalClosure)],
            detail: "the connection was cut off on this side",
            reaction: { loop, connection, event in if event == .text("a") { loop.abort(connection) } }),
    ]

    @Test(arguments: opening + open)
    func tellsWhatThePeerDid(_ example: Case) async throws {
        let peer = FakePeer(example.peer)
        defer { peer.stop() }
        let (events, detail) = try await record(
            try request(
                port: peer.port, connectTimeoutSeconds: example.connectTimeoutSeconds,
                closeTimeoutSeconds: example.closeTimeoutSeconds), reaction: example.reaction)
        #expect(events == example.expected)
        if !example.detail.isEmpty { #expect(detail == example.detail) }
    }

    @Test func tellsThatNobodyListens() async throws {
        let reserved = try ReservedPort()
        let (events, detail) = try await record(try request(port: UInt16(reserved.number)))
        #expect(events == [.failed(.refused)])
        #expect(detail == "cannot connect to 127.0.0.1:\(reserved.number): Connection refused")
    }

    @Test func tellsThatANameDoesNotExist() async throws {
        // RFC 6761 §6.4: no resolver has an answer for it.
        let request = try ConnectRequest(url: try WebSocketURL("ws://nobody.invalid/"))
        let (events, _) = try await record(request)
        #expect(events == [.failed(.dns)])
    }

    @Test func messagesBeforeAViolationAreToldAndAnswered() async throws {
        let (seen, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let peer = FakePeer { socket in
            socket.open()
            // A message and, in the same segment, a frame with a reserved opcode.
            socket.write([0x81, 1, 0x61, 0x83, 0])
            while let frame = socket.readFrame() { continuation.yield([frame.first] + frame.payload.prefix(2)) }
            continuation.finish()
        }
        defer { peer.stop() }
        let (events, _) = try await record(try request(port: peer.port)) { loop, connection, event in
            if event == .text("a") { loop.send(.text, "b".utf8Span.span.bytes, on: connection) }
        }
        #expect(events == [.opened(), .text("a"), .closed(.protocol, sent: 1002)])
        var frames: [[UInt8]] = []
        for await frame in seen { frames.append(frame) }
        #expect(frames == [[0x81, 0x62], [0x88, 0x03, 0xEA]])
    }

    @Test func nothingFollowsOurCloseFrame() async throws {
        let (seen, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let peer = FakePeer { socket in
            socket.open()
            // In one segment: a message, at which the client closes, a ping, and a message that it wants to answer.
            socket.write([0x81, 1, 0x61, 0x89, 1, 0x70, 0x81, 1, 0x62])
            while let frame = socket.readFrame() {
                continuation.yield([frame.first] + frame.payload)
                if frame.first == 0x88 { socket.write([0x89, 1, 0x71, 0x88, 2, 0x03, 0xE8]) }
            }
            continuation.finish()
        }
        defer { peer.stop() }
        let (events, _) = try await record(try request(port: peer.port)) { loop, connection, event in
            switch event {
            case .text("a"):
                loop.send(.text, "first".utf8Span.span.bytes, on: connection)
                loop.close(connection, code: nil)
            case .text("b"):
                let isTaken = loop.send(.text, "second".utf8Span.span.bytes, on: connection)
                #expect(!isTaken && !loop.ping("".utf8Span.span.bytes, on: connection))
            default: break
            }
        }
        #expect(
            events == [.opened(), .text("a"), .ping("p"), .text("b"), .ping("q"), .closed(received: 1000)])
        var frames: [[UInt8]] = []
        for await frame in seen { frames.append(frame) }
        #expect(frames == [[0x81] + "first".utf8, [0x88]])
    }

    @Test func pingsAreAnsweredBeforeWhatTheClientSaysToThem() async throws {
        let (seen, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let peer = FakePeer { socket in
            socket.write(
                Array(socket.acceptance(of: socket.readHead()).utf8)
                    + [0x89, 1, 0x31, 0x01, 1, 0x61, 0x89, 1, 0x32, 0x80, 1, 0x62, 0x88, 0])
            while let frame = socket.readFrame() { continuation.yield([frame.first] + frame.payload) }
            continuation.finish()
        }
        defer { peer.stop() }
        let (events, _) = try await record(try request(port: peer.port)) { loop, connection, event in
            if event == .text("ab") { loop.send(.text, "c".utf8Span.span.bytes, on: connection) }
        }
        #expect(events == [.opened(), .ping("1"), .ping("2"), .text("ab"), .closeReceived(nil), .closed(byPeer: true)])
        var frames: [[UInt8]] = []
        for await frame in seen { frames.append(frame) }
        #expect(frames == [[0x8A, 0x31], [0x8A, 0x32], [0x81, 0x63], [0x88]])
    }

    @Test func aMessageBeyondTheLimitIsRefused() async throws {
        let peer = FakePeer { socket in
            socket.open()
            socket.write([0x82, 126, 0x04, 0x01])
            socket.readToEnd()
        }
        defer { peer.stop() }
        let (events, _) = try await record(try request(port: peer.port, maximumMessageSize: 1_024))
        #expect(events == [.opened(), .closed(.tooBig, sent: 1009)])
    }

    @Test func aPeerThatDoesNotReadIsGivenUp() async throws {
        let (release, continuation) = AsyncStream.makeStream(of: Void.self)
        let peer = FakePeer { socket in
            socket.open()
            // Reads nothing until the client has gone: the RST then ends the wait.
            var descriptor = pollfd(fd: socket.descriptor, events: 0, revents: 0)
            poll(&descriptor, 1, 30_000)
            continuation.finish()
        }
        defer { peer.stop() }
        let chunk = [UInt8](repeating: 0, count: 1 << 20)
        let (events, _) = try await record(try request(port: peer.port, maximumQueuedBytes: 4 << 20)) {
            loop, connection, event in
            guard event == .opened() else { return }
            for _ in 0..<64 where !loop.send(.binary, chunk.span.bytes, on: connection) { break }
        }
        #expect(events == [.opened(), .closed(.backpressure)])
        _ = release
    }
}
