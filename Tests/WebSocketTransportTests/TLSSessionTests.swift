import Dispatch
import Glibc
import Testing
import WebSocketCodec
import WebSocketTransport

/// Connections with TLS, to peers that would not be found among proper servers.
@Suite(.timeLimit(.minutes(1)))
struct TLSSessionTests {
    private static let tls = Result { try TLSContext(unverified) }

    private static var unverified: TLSConfiguration {
        var configuration = TLSConfiguration()
        configuration.verifiesServer = false
        return configuration
    }

    /// What a client is told by a peer, whose part begins behind the handshakes of TLS and HTTP.
    private func run(
        keepalive: Keepalive? = nil, peer script: @escaping @Sendable (PeerSocket) -> Void,
        reaction: @escaping Recorder.Reaction = { _, _, _ in }
    ) async throws -> (events: [LoopEvent], detail: String) {
        let peer = FakePeer { socket in
            guard socket.secure() else { return }
            socket.open()
            script(socket)
        }
        defer { peer.stop() }
        return try await record(
            try request(port: peer.port, keepalive: keepalive, tls: try Self.tls.get()), reaction: reaction)
    }

    private static let cleanEnd: [LoopEvent] = [
        .closeReceived(1000), .closed(sent: 1000, received: 1000, byPeer: true),
    ]

    @Test func messagesGoBothWaysAndTheEndIsSaidInBoth() async throws {
        let (heard, continuation) = AsyncStream.makeStream(of: Bool.self)
        let (events, _) = try await run(
            peer: { peer in
                guard let frame = peer.readFrame() else { return }
                peer.writeFrame(0x81, frame.payload)
                _ = peer.readFrame()
                peer.writeFrame(0x88, [0x03, 0xE8])
                continuation.yield(peer.endTLS())
            },
            reaction: { loop, connection, event in
                switch event {
                case .opened: loop.send(.text, "hello".utf8Span.span.bytes, on: connection)
                case .text: loop.close(connection)
                default: break
                }
            })
        #expect(events == [.opened(), .text("hello"), .closed(sent: 1000, received: 1000)])
        for await isHeard in heard {
            #expect(isHeard)
            break
        }
    }

    /// A server that has said close_notify may wait for ours: no event of the socket tells of what came with a message.
    @Test func theEndBehindAMessageInTheSamePacketIsNoticed() async throws {
        let (events, _) = try await run(peer: { peer in
            guard peer.readFrame() != nil else { return }
            peer.endTLS(behind: [0x81, 1, 0x61])
            peer.readToEnd()
        }) { loop, connection, event in
            if event == .opened() { loop.send(.text, "b".utf8Span.span.bytes, on: connection) }
        }
        #expect(events == [.opened(), .text("a"), .closed(.abnormalClosure)])
    }

    /// OpenSSL takes a cipher without certificates, which a plan may let in, for verified.
    @Test(arguments: [true, false]) func aServerWithoutACertificateIsNotVerified(_ isVerified: Bool) async throws {
        let peer = FakePeer { socket in
            guard socket.secure(PeerTLS.contextWithoutCertificate) else { return }
            socket.open()
            socket.write([0x88, 0])
            socket.readToEnd()
        }
        defer { peer.stop() }
        var configuration = TLSConfiguration()
        configuration.verifiesServer = isVerified
        configuration.ciphers = ["ALL", "@SECLEVEL=0"]
        let (events, detail) = try await record(try request(port: peer.port, tls: try TLSContext(configuration)))
        if isVerified {
            #expect(events == [.failed(.tls)])
            #expect(detail.hasSuffix(": it shows no certificate (anonymous cipher)"))
        } else {
            #expect(events == [.opened(), .closeReceived(nil), .closed(byPeer: true)])
        }
    }

    @Test func aProtocolThatWasNotOfferedIsRefused() async throws {
        let peer = FakePeer { socket in
            socket.secure(PeerTLS.contextWithForeignProtocol)
            socket.readToEnd()
        }
        defer { peer.stop() }
        let (events, detail) = try await record(try request(port: peer.port, tls: try Self.tls.get()))
        #expect(events == [.failed(.tls)])
        #expect(detail.hasSuffix(": it answers an extension of TLS with what was not offered (bad extension)"))
    }

    @Test func aRunWithoutTLSSaysSo() async throws {
        let peer = FakePeer { $0.readToEnd() }
        defer { peer.stop() }
        let request = try ConnectRequest(url: try WebSocketURL("wss://127.0.0.1:\(peer.port)/"))
        let (events, detail) = try await record(request)
        #expect(events == [.failed(.tls)])
        #expect(detail == "this run is not prepared for a wss:// address")
    }

    @Test func newKeysMayBeAgreedUponAtAnyTime() async throws {
        let (events, _) = try await run(
            peer: { peer in
                for _ in 0..<3 {
                    guard peer.updateKeys() else { return }
                    peer.writeFrame(0x81, [0x61])
                    guard peer.readFrame() != nil else { return }
                }
                peer.writeFrame(0x88, [0x03, 0xE8])
                peer.readToEnd()
            },
            reaction: { loop, connection, event in
                if event == .text("a") { loop.send(.text, "b".utf8Span.span.bytes, on: connection) }
            })
        #expect(events == [.opened(), .text("a"), .text("a"), .text("a")] + Self.cleanEnd)
    }

    /// The peer has the client answer key updates without end, while more waits to be sent than the socket takes: reading
    /// has to wait for writing, and the peer reads nothing until it has written all.
    @Test func receivingWaitsForRoomToSend() async throws {
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        let (events, _) = try await run(
            peer: { peer in
                // The client's socket is full when nothing more comes for a while.
                usleep(100_000)
                guard peer.updateKeys() else { return }
                peer.writeFrame(0x81, [0x61])
                usleep(50_000)
                for _ in 0..<8 {
                    // 10 bytes of header and a key of 4.
                    guard peer.read(14 + block.count) != nil else { return }
                }
                peer.writeFrame(0x88, [0x03, 0xE8])
                peer.readToEnd()
            },
            reaction: { loop, connection, event in
                guard event == .opened() else { return }
                for _ in 0..<8 { loop.send(.binary, block.span.bytes, on: connection) }
            })
        #expect(events == [.opened(), .text("a")] + Self.cleanEnd)
    }

    /// Key updates bring nothing forward: a peer that sends them without end has its share of the loop and no more.
    @Test func aFloodOfWhatIsNoDataLeavesOthersTheirTurn() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let isFlooding = DispatchSemaphore(value: 0)
        let peer = FakePeer { socket in
            guard socket.secure() else { return }
            socket.open()
            var count = 0
            while socket.promiseNewKeys() {
                count += 1
                if count == 1_000 { isFlooding.signal() }
            }
        }
        defer { peer.stop() }
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        loop.client = Recorder(continuation) { _, _, _ in }
        loop.start()
        let request = try request(port: peer.port, tls: try Self.tls.get())
        loop.enqueue { _ = $0.connect(request, context: 1) }
        var events: [LoopEvent] = []
        for await (event, _) in stream {
            events.append(event)
            guard event == .opened() else { break }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    isFlooding.wait()
                    continuation.resume()
                }
            }
            loop.enqueue { _ = $0.startTimer(dueNanoseconds: $0.nowNanoseconds + 1_000_000, context: 7) }
        }
        #expect(events == [.opened(), .timer(7)])
    }

    // MARK: Keepalive

    private static let ping: UInt8 = 0x89
    private static let pong: UInt8 = 0x8A

    @Test func aPongThatDoesNotComeIsMissed() async throws {
        let keepalive = Keepalive(intervalNanoseconds: 200_000_000, timeoutNanoseconds: 20_000_000)
        let (events, detail) = try await run(keepalive: keepalive, peer: { $0.readToEnd() })
        #expect(events == [.opened(), .closed(.timeout, sent: 1011)])
        #expect(detail == "no pong within 20ms of a ping of the keepalive")
    }

    /// As without TLS; what OpenSSL keeps is no less there than what the socket does.
    @Test(arguments: [0, 40_000]) func whatHasArrivedIsReadBeforeTheVerdict(_ floodBytes: Int) async throws {
        let flood = (0..<floodBytes).map { $0.isMultiple(of: 2) ? 0x82 : 0 as UInt8 }
        let (events, _) = try await run(
            keepalive: Keepalive(intervalNanoseconds: 1_700_000_000, timeoutNanoseconds: 1_500_000_000),
            peer: { peer in
                guard let ping = peer.readFrame() else { return }
                peer.write([0x82, 1, 0x61])
                peer.write(flood + [Self.pong, 16] + ping.payload + [0x88, 2, 0x03, 0xE8])
                peer.readToEnd()
            },
            reaction: { _, _, event in
                guard event == .binary([0x61]) else { return }
                let end = MonotonicClock.nowNanoseconds + 1_650_000_000
                while MonotonicClock.nowNanoseconds < end {}
            })
        #expect(events.filter { $0 != .binary([]) } == [.opened(), .binary([0x61])] + Self.cleanEnd)
    }

    /// The pong is late, and what has arrived in time is none: nothing that ever comes out of TLS.
    @Test func aRecordWithoutDataIsNoPong() async throws {
        let (events, _) = try await run(
            keepalive: Keepalive(intervalNanoseconds: 1_700_000_000, timeoutNanoseconds: 1_500_000_000),
            peer: { peer in
                guard peer.readFrame() != nil else { return }
                peer.write([0x82, 1, 0x61])
                usleep(10_000)
                _ = peer.promiseNewKeys()
                peer.readToEnd()
            },
            reaction: { _, _, event in
                guard event == .binary([0x61]) else { return }
                let end = MonotonicClock.nowNanoseconds + 1_650_000_000
                while MonotonicClock.nowNanoseconds < end {}
            })
        #expect(events == [.opened(), .binary([0x61]), .closed(.timeout, sent: 1011)])
    }
}
