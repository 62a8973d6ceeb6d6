import EchoServer
import Synchronization
import Testing
import WebSocketCodec
import WebSocketTransport

/// A peer that floods has its share of the loop and no more.
@Suite(.timeLimit(.minutes(1)))
struct FairnessTests {
    /// Messages of one connection that the loop may deal with before everybody else has had a turn.
    private static let turn = 256

    /// Counts what a flooder is given between the turns of others.
    private final class Counter: LoopClient {
        static let flooder: UInt64 = 1
        static let echoes = 100

        private let done: AsyncStream<Void>.Continuation
        private struct State {
            var floodInPass = 0
            /// From when on the timer can fire: when it is due, and the wheel has turned.
            var timerNanoseconds = Int64.max
            var floodSinceDue = 0
            var mostInPass = 0
            var mostSinceDue = 0
            var flood = 0
            var echoes = 0
            var isDone = false
        }
        private let state = Mutex(State())

        init(done: AsyncStream<Void>.Continuation) { self.done = done }

        var result: (mostInPass: Int, mostSinceDue: Int, flood: Int) {
            state.withLock { ($0.mostInPass, $0.mostSinceDue, $0.flood) }
        }

        func opened(
            on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
            timings: ConnectTimings
        ) {
            if context != Self.flooder { loop.send(.text, "echo".utf8Span.span.bytes, on: connection) }
        }

        func message(
            on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
            receivedAtNanoseconds: Int64
        ) {
            if context != Self.flooder {
                loop.send(.text, "echo".utf8Span.span.bytes, on: connection)
                state.withLock { $0.echoes += 1 }
                return
            }
            let isFirst = state.withLock { state in
                guard !state.isDone else { return false }
                state.floodInPass += 1
                state.flood += 1
                state.mostInPass = max(state.mostInPass, state.floodInPass)
                if loop.nowNanoseconds >= state.timerNanoseconds {
                    state.floodSinceDue += 1
                    state.mostSinceDue = max(state.mostSinceDue, state.floodSinceDue)
                }
                return state.flood == 1
            }
            if isFirst { armTimer(on: loop) }
        }

        /// One that is due, and fires with the next tick of the wheel.
        private func armTimer(on loop: EventLoop) {
            let due = loop.nowNanoseconds
            state.withLock { state in
                state.timerNanoseconds = due + TimerWheel.tickNanoseconds
                state.floodSinceDue = 0
            }
            _ = loop.startTimer(dueNanoseconds: due, context: 0)
        }

        func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {
            let isDone = state.withLock { state in
                state.isDone = state.echoes > Self.echoes && state.flood > 10_000
                return state.isDone
            }
            if isDone { done.finish() } else { armTimer(on: loop) }
        }

        func passEnded(on loop: EventLoop) { state.withLock { $0.floodInPass = 0 } }
    }

    @Test func oneThatFloodsLeavesTheOthersTheirTurn() async throws {
        let server = try EchoServer()
        defer { server.stop() }
        let flooder = FakePeer { socket in
            socket.open()
            let burst = [UInt8](repeating: 0, count: 64 << 10).indices.map { $0.isMultiple(of: 2) ? 0x81 : 0 as UInt8 }
            while socket.write(burst) {}
        }
        defer { flooder.stop() }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let loop = try EventLoop(label: "test")
        let counter = Counter(done: continuation)
        loop.client = counter
        loop.lingers = true
        loop.start()
        let requests = (try request(port: flooder.port), try request(port: server.port))
        loop.enqueue { loop in
            _ = loop.connect(requests.0, context: Counter.flooder)
            _ = loop.connect(requests.1, context: 0)
        }
        for await _ in stream {}
        loop.shutdown()
        let result = counter.result
        #expect(result.flood > 10_000)
        #expect(result.mostInPass <= Self.turn)
        // The rest of a turn that had begun, and one of its own.
        #expect(result.mostSinceDue <= 2 * Self.turn)
    }
}
