import Dispatch
import Synchronization
import Testing
import WebSocketCodec
import WebSocketTransport

/// This side gives a connection up, whatever it is at.
@Suite(.timeLimit(.minutes(1)))
struct AbortTests {
    enum Phase: CaseIterable { case securing, upgrading, open, closing }

    enum Way: CaseIterable { case abort, shutdown }

    private static let tls = Result {
        var configuration = TLSConfiguration()
        configuration.verifiesServer = false
        return try TLSContext(configuration)
    }

    /// The peer sees the end of the connection at once, and the client hears of it where it knew of the connection.
    @Test(arguments: Phase.allCases, Way.allCases)
    func thePeerSeesTheEnd(_ phase: Phase, _ way: Way) async throws {
        for tls in try [nil, Self.tls.get()] where phase != .securing || tls != nil {
            let (steps, step) = AsyncStream.makeStream(of: Void.self)
            let peer = FakePeer { socket in
                if phase == .securing {
                    _ = socket.read(1)
                } else {
                    if tls != nil { socket.secure() }
                    if phase == .upgrading { _ = socket.readHead() } else { socket.open() }
                    // A message, or the Close frame.
                    if phase == .open || phase == .closing { _ = socket.readFrame() }
                }
                step.yield()
                socket.readToEnd()
                step.yield()
            }
            defer { peer.stop() }
            let (events, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
            let loop = try EventLoop(label: "test")
            loop.client = Recorder(continuation) { loop, connection, event in
                guard event == .opened() else { return }
                if phase == .closing {
                    loop.close(connection)
                } else {
                    loop.send(.text, "a".utf8Span.span.bytes, on: connection)
                }
            }
            loop.start()
            let request = try request(port: peer.port, tls: tls)
            let connection = Mutex<ConnectionID?>(nil)
            loop.enqueue { loop in
                let id = loop.connect(request, context: 1)
                connection.withLock { $0 = id }
            }
            var reached = steps.makeAsyncIterator()
            _ = await reached.next()
            switch way {
            case .abort: loop.enqueue { loop in connection.withLock { $0 }.map { loop.abort($0) } }
            case .shutdown: loop.shutdown()
            }
            _ = await reached.next()
            loop.shutdown()
            continuation.finish()
            var told: [LoopEvent] = []
            for await (event, _) in events { told.append(event) }
            var expected: [LoopEvent] = phase == .open || phase == .closing ? [.opened()] : []
            if way == .abort, !expected.isEmpty {
                expected.append(.closed(.abnormalClosure, sent: phase == .closing ? 1000 : nil))
            }
            #expect(told == expected, "\(tls == nil ? "ws" : "wss")")
        }
    }
}
