import Testing
import WebSocketCodec
import WebSocketTransport

/// The keepalive against peers of all kinds.
@Suite(.timeLimit(.minutes(1)))
struct KeepaliveTests {
    private static let ping: UInt8 = 0x89
    private static let pong: UInt8 = 0x8A

    /// What a client with a keepalive is told by a peer, and how the peer's part of it ended.
    private func run(
        intervalMilliseconds: Int64, timeoutMilliseconds: Int64, peer script: @escaping @Sendable (PeerSocket) -> Void,
        reaction: @escaping Recorder.Reaction = { _, _, _ in }
    ) async throws -> (events: [LoopEvent], detail: String) {
        let peer = FakePeer { socket in
            socket.open()
            script(socket)
        }
        defer { peer.stop() }
        let keepalive = Keepalive(
            intervalNanoseconds: intervalMilliseconds * 1_000_000,
            timeoutNanoseconds: timeoutMilliseconds * 1_000_000)
        return try await record(try request(port: peer.port, keepalive: keepalive), reaction: reaction)
    }

    private static let cleanEnd: [LoopEvent] = [
        .closeReceived(1000), .closed(sent: 1000, received: 1000, byPeer: true),
    ]

    @Test func pongsKeepTheConnectionAndAreNotTheClients() async throws {
        let (events, _) = try await run(intervalMilliseconds: 5, timeoutMilliseconds: 10_000) { peer in
            for _ in 0..<3 {
                guard let frame = peer.readFrame(), frame.first == Self.ping else { return }
                peer.writeFrame(Self.pong, frame.payload)
            }
            peer.writeFrame(0x88, [0x03, 0xE8])
            peer.readToEnd()
        }
        #expect(events == [.opened()] + Self.cleanEnd)
    }

    @Test func messagesAreNoSignOfLife() async throws {
        let (events, detail) = try await run(intervalMilliseconds: 20, timeoutMilliseconds: 100) { peer in
            while let frame = peer.readFrame(), frame.first == Self.ping { peer.writeFrame(0x81, [0x61]) }
        }
        #expect(events.filter { $0 != .text("a") } == [.opened(), .closed(.timeout, sent: 1011)])
        #expect(events.count > 2)
        #expect(detail == "no pong within 100ms of a ping of the keepalive")
    }

    @Test func pongsThatNobodyAskedForAreNoSignOfLife() async throws {
        let (events, _) = try await run(intervalMilliseconds: 20, timeoutMilliseconds: 100) { peer in
            while let frame = peer.readFrame(), frame.first == Self.ping {
                peer.writeFrame(Self.pong, [])
                peer.writeFrame(Self.pong, Array("sixteen bytes ..".utf8))
            }
        }
        #expect(
            events.filter { $0 != .pong("") && $0 != .pong("sixteen bytes ..") }
                == [.opened(), .closed(.timeout, sent: 1011)])
    }

    @Test func thePeerReadsWhyItIsGivenUp() async throws {
        let (frames, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        _ = try await run(intervalMilliseconds: 200, timeoutMilliseconds: 20) { peer in
            while let frame = peer.readFrame() { continuation.yield([frame.first] + frame.payload) }
            continuation.finish()
        }
        var seen: [[UInt8]] = []
        for await frame in frames { seen.append(frame) }
        #expect(seen.map(\.first) == [Self.ping, 0x88])
        #expect(seen.last == [0x88, 0x03, 0xF3] + "no pong within 20ms".utf8)
    }

    @Test func onePongAnswersSeveralPings() async throws {
        // Three pings are read, of which the last is answered; six times. Each first one is older than the timeout at
        // the end.
        let (events, _) = try await run(intervalMilliseconds: 100, timeoutMilliseconds: 1_500) { peer in
            for _ in 0..<6 {
                _ = peer.readFrame()
                _ = peer.readFrame()
                guard let last = peer.readFrame() else { return }
                peer.writeFrame(Self.pong, last.payload)
            }
            peer.writeFrame(0x88, [0x03, 0xE8])
            peer.readToEnd()
        }
        #expect(events == [.opened()] + Self.cleanEnd)
    }

    @Test func aPongToALaterPingOfTheClientsCounts() async throws {
        let own = Array("own".utf8)
        let (events, _) = try await run(
            intervalMilliseconds: 100, timeoutMilliseconds: 1_500,
            peer: { peer in
                // Has the client ping after each ping of the keepalive, and answers only the former.
                var rounds = 0
                while rounds < 18, let frame = peer.readFrame() {
                    if frame.payload == own {
                        peer.writeFrame(Self.pong, frame.payload)
                    } else {
                        rounds += 1
                        peer.writeFrame(0x81, [0x61])
                    }
                }
                peer.writeFrame(0x88, [0x03, 0xE8])
                peer.readToEnd()
            },
            reaction: { loop, connection, event in if event == .text("a") { loop.ping(own.span.bytes, on: connection) }
            }
        )
        #expect(events.filter { $0 != .text("a") && $0 != .pong("own") } == [.opened()] + Self.cleanEnd)
        #expect(events.contains(.pong("own")))
    }

    @Test func whatHasArrivedIsReadBeforeTheVerdict() async throws {
        // The loop is held up past the deadline while the pong waits in the socket, behind more than one turn takes.
        let flood = [UInt8](repeating: 0, count: 40_000).indices.map { $0.isMultiple(of: 2) ? 0x82 : 0 as UInt8 }
        let (events, _) = try await run(
            intervalMilliseconds: 1_700, timeoutMilliseconds: 1_500,
            peer: { peer in
                guard let ping = peer.readFrame() else { return }
                peer.write([0x82, 1, 0x61] + flood + [Self.pong, 16] + ping.payload + [0x88, 2, 0x03, 0xE8])
                peer.readToEnd()
            },
            reaction: { _, _, event in
                // Longer than the timeout, whatever else the machine does: the clock decides.
                guard event == .binary([0x61]) else { return }
                let end = MonotonicClock.nowNanoseconds + 1_650_000_000
                while MonotonicClock.nowNanoseconds < end {}
            })
        #expect(events.filter { $0 != .binary([]) } == [.opened(), .binary([0x61])] + Self.cleanEnd)
        #expect(events.count == 20_004)
    }
}
