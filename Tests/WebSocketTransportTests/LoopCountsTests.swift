import Synchronization
import Testing
import WebSocketCodec
import WebSocketTransport

/// What messages cost in system calls and clock readings, counted and not timed.
@Suite(.timeLimit(.minutes(1)))
struct LoopCountsTests {
    /// Answers each message with three, and says what the pass of the last of them has cost.
    private final class Client: LoopClient {
        private let costs: AsyncStream<LoopCounts>.Continuation
        private let atStart = Mutex<LoopCounts?>(nil)

        init(_ costs: AsyncStream<LoopCounts>.Continuation) { self.costs = costs }

        func message(
            on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
            receivedAtNanoseconds: Int64
        ) {
            atStart.withLock { $0 = $0 ?? loop.counts }
            for _ in 0..<3 {
                let before = loop.counts.writes
                loop.send(kind, payload, on: connection)
                if loop.counts.writes > before { atOnce.withLock { $0 += 1 } }
            }
        }

        /// How many of its messages were written before the call that sent them returned.
        let atOnce = Mutex(0)

        /// A timer that sends three messages on each of its connections.
        func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {
            atStart.withLock { $0 = loop.counts }
            for connection in opened.withLock({ $0 }) {
                for _ in 0..<3 { loop.send(.text, "tick".utf8Span.span.bytes, on: connection) }
            }
        }

        private let opened = Mutex<[ConnectionID]>([])

        func opened(
            on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
            timings: ConnectTimings
        ) {
            let count = opened.withLock { opened in
                opened.append(connection)
                return opened.count
            }
            if context > 0, count == context {
                _ = loop.startTimer(dueNanoseconds: loop.nowNanoseconds + 1_000_000, context: 0)
            }
        }

        func passEnded(on loop: EventLoop) {
            guard let before = atStart.withLock({ $0 }) else { return }
            var cost = LoopCounts()
            cost.passes = loop.counts.passes - before.passes
            cost.clockReadings = loop.counts.clockReadings - before.clockReadings
            cost.receives = loop.counts.receives - before.receives
            cost.writes = loop.counts.writes - before.writes
            costs.yield(cost)
            costs.finish()
        }
    }

    /// What happened from the first call of the client's to the end of its pass, and how many of its messages were written
    /// at once.
    private func cost(connections: Int, byTimer: Bool, _ script: @escaping @Sendable (PeerSocket) -> Void) async throws
        -> (counts: LoopCounts?, atOnce: Int)
    {
        let peers = (0..<connections).map { _ in FakePeer(script) }
        defer { for peer in peers { peer.stop() } }
        let (stream, continuation) = AsyncStream.makeStream(of: LoopCounts.self)
        let loop = try EventLoop(label: "test")
        defer { loop.shutdown() }
        let client = Client(continuation)
        loop.client = client
        loop.start()
        let requests = try peers.map { try request(port: $0.port) }
        loop.enqueue { loop in
            for request in requests { _ = loop.connect(request, context: byTimer ? UInt64(connections) : 0) }
        }
        let counts = await stream.first { _ in true }
        return (counts, client.atOnce.withLock { $0 })
    }

    @Test func manyMessagesInOneSegmentCostOneReceiveAndTheirAnswersOneWrite() async throws {
        let cost = try await cost(connections: 1, byTimer: false) { socket in
            socket.open()
            socket.write((0..<100).flatMap { _ in [0x81, 1, 0x61] as [UInt8] })
            socket.readToEnd()
        }
        // The receive itself, with its reading of the clock, came before the first message.
        #expect(cost.counts == LoopCounts(passes: 0, clockReadings: 0, receives: 0, writes: 1))
        #expect(cost.atOnce == 0)
    }

    /// What has come to 256 KiB does not wait for the end of the pass.
    @Test func muchIsWrittenBeforeTheCallThatSendsItReturns() async throws {
        let cost = try await cost(connections: 1, byTimer: false) { socket in
            socket.open()
            socket.write([0x82, 127, 0, 0, 0, 0, 0, 3, 0x20, 0] + Array(repeating: 0, count: 200 << 10))
            socket.readToEnd()
        }
        #expect(cost.atOnce >= 1)
    }

    @Test func whatATimerSendsCostsOneWriteAConnection() async throws {
        let cost = try await cost(connections: 5, byTimer: true) { socket in
            socket.open()
            socket.readToEnd()
        }
        #expect(cost.counts == LoopCounts(passes: 0, clockReadings: 0, receives: 0, writes: 5))
    }
}
