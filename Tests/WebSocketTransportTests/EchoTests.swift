import Dispatch
import EchoServer
import Synchronization
import TestSupport
import Testing
import WebSocketCodec
import WebSocketTransport

@Suite(.timeLimit(.minutes(1)))
struct EchoTests {
    @Test func echoesEveryKindOfMessageAndClosesCleanly() async throws {
        let server = try EchoServer()
        defer { server.stop() }
        let big = [UInt8](repeating: 0xA5, count: 1 << 20)
        let (events, _) = try await record(try request(port: server.port, subprotocols: ["v2", "v1"])) {
            loop, connection, event in
            switch event {
            case .opened:
                loop.send(.text, "grüße".utf8Span.span.bytes, on: connection)
                loop.send(.text, "in fragments".utf8Span.span.bytes, fragments: 5, on: connection)
                loop.send(.binary, [UInt8]().span.bytes, on: connection)
                loop.ping("are you there".utf8Span.span.bytes, on: connection)
                loop.send(.binary, big.span.bytes, on: connection)
            case .binary(let bytes) where bytes.count == big.count:
                loop.close(connection, code: .normal, reason: "done")
                let isTaken = loop.send(.text, "late".utf8Span.span.bytes, on: connection)
                #expect(!isTaken)
            default: break
            }
        }
        #expect(
            events == [
                .opened(subprotocol: "v2"), .text("grüße"), .text("in fragments"), .binary([]),
                .pong("are you there"), .binary(big), .closed(sent: 1000, received: 1000),
            ])
    }

    @Test func bothSidesMayCloseAtOnce() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let server = try EventLoop(label: "server")
        defer { server.shutdown() }
        // Both close with the first message: the client when it sends it, the server when it comes.
        server.client = Recorder(continuation) { loop, connection, event in
            if case .text = event { loop.close(connection, code: .goingAway) }
        }
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
        let port = try server.listen(at: address).port
        server.start()
        let (events, _) = try await record(try request(port: port)) { loop, connection, event in
            guard case .opened = event else { return }
            loop.send(.text, "close".utf8Span.span.bytes, on: connection)
            loop.close(connection, code: .normal)
        }
        #expect(events == [.opened(), .closed(sent: 1000, received: 1001)])
        var serverEvents: [LoopEvent] = []
        for await (event, _) in stream {
            serverEvents.append(event)
            if case .closed = event { break }
        }
        #expect(serverEvents == [.text("close"), .closed(sent: 1001, received: 1000)])
    }

    @Test func manyConnectionsOnOneLoopEachGetTheirOwnMessages() async throws {
        // Five hundred at once take their time where a sanitizer watches them.
        var patient = ConnectRequest.Limits()
        patient.connectTimeoutNanoseconds = 50_000_000_000
        patient.closeTimeoutNanoseconds = 50_000_000_000
        let (_, serverContinuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let server = try EventLoop(label: "server")
        defer { server.shutdown() }
        server.client = Recorder(serverContinuation) { loop, connection, event in
            if case .text(let text) = event { loop.send(.text, text.utf8Span.span.bytes, on: connection) }
        }
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
        let port = try server.listen(at: address, limits: patient).port
        server.start()
        let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        loop.lingers = true
        loop.client = Recorder(continuation) { loop, connection, event in
            switch event {
            case .opened: loop.send(.text, "\(connection)".utf8Span.span.bytes, on: connection)
            case .text(let text) where text == "\(connection)": loop.close(connection, code: nil)
            case .text(let text): Issue.record("\(connection) got \(text)")
            default: break
            }
        }
        loop.start()
        let connect = try request(port: port, connectTimeoutSeconds: 50, closeTimeoutSeconds: 50)
        // Twice as many as a chunk of the table has places.
        loop.enqueue { loop in
            for context in 0..<512 as Range<UInt64> { _ = loop.connect(connect, context: context) }
        }
        var ends: [LoopEvent] = []
        for await (event, _) in stream {
            switch event {
            case .failed, .closed: ends.append(event)
            default: break
            }
            if ends.count == 512 { break }
        }
        #expect(ends.filter { $0 != .closed() } == [])
    }

    @Test func timersFireInOrderAndCancelledOnesDoNot() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        loop.client = Recorder(continuation) { _, _, _ in }
        loop.start()
        loop.enqueue { loop in
            let now = loop.nowNanoseconds
            _ = loop.startTimer(dueNanoseconds: now + 5_000_000, context: 3)
            let cancelled = loop.startTimer(dueNanoseconds: now + 2_000_000, context: 2)
            _ = loop.startTimer(dueNanoseconds: now + 1_000_000, context: 1)
            _ = loop.startTimer(dueNanoseconds: now, context: 0)
            loop.cancelTimer(cancelled)
        }
        var fired: [LoopEvent] = []
        for await (event, _) in stream {
            fired.append(event)
            if fired.count == 3 { break }
        }
        #expect(fired == [.timer(0), .timer(1), .timer(3)])
    }

    @Test func anEventForAConnectionThatIsGoneReachesNobody() async throws {
        // Two connections become readable in one pass. The first message cuts the other connection off, whose end has a
        // third begun, in its place and before its own event is looked at: that would tell the third that it is
        // connected.
        let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
        let written = DispatchSemaphore(value: 0)
        let peers = (0..<2).map { _ in
            FakePeer { socket in
                socket.open()
                // The client's word that both connections are open.
                _ = socket.readFrame()
                socket.write([0x81, 1, 0x61])
                written.signal()
                socket.readToEnd()
            }
        }
        defer { for peer in peers { peer.stop() } }
        let requests = try peers.map { try request(port: $0.port) }
        let third = try FullPort()
        defer { third.stop() }
        let thirdRequest = try request(port: UInt16(third.number), connectTimeoutSeconds: 0.3)
        let opened = Mutex<[ConnectionID]>([])
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        loop.client = Recorder(continuation) { loop, connection, event in
            switch event {
            case .opened:
                let both = opened.withLock { opened in
                    opened.append(connection)
                    return opened.count == 2 ? opened : []
                }
                for connection in both { loop.send(.text, "go".utf8Span.span.bytes, on: connection) }
                guard !both.isEmpty else { return }
                // Behind the writing of what was just queued.
                loop.enqueue { _ in
                    written.wait()
                    written.wait()
                }
            case .text:
                for other in opened.withLock({ $0 }) where other != connection { loop.abort(other) }
            case .closed(.abnormalClosure, _, _, _):
                let reused = loop.connect(thirdRequest, context: 3)
                #expect(reused != connection)
                #expect(!loop.close(connection))
            default: break
            }
        }
        loop.start()
        loop.enqueue { loop in for request in requests { _ = loop.connect(request, context: 0) } }
        var events: [LoopEvent] = []
        var detail = ""
        for await event in stream {
            events.append(event.0)
            detail = event.detail
            if case .failed = event.0 { break }
        }
        #expect(events == [.opened(), .opened(), .text("a"), .closed(.abnormalClosure), .failed(.timeout)])
        #expect(detail == "no TCP connection to 127.0.0.1:\(UInt16(third.number)) within 300ms")
    }
}
