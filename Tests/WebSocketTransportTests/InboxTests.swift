import Dispatch
import Synchronization
import Testing
import WebSocketTransport

/// What other threads hand over to a loop.
@Suite(.timeLimit(.minutes(1)))
struct InboxTests {
    private final class Nobody: LoopClient {}

    @Test func workOfManyThreadsIsDoneInTheOrderOfEach() throws {
        let threads = 4
        let rounds = 2_000
        let loop = try EventLoop(label: "test")
        loop.client = Nobody()
        loop.start()

        let done = Mutex([[Int]](repeating: [], count: threads))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for round in 0..<rounds {
                loop.enqueue { _ in done.withLock { $0[thread].append(round) } }
            }
        }
        // Stops behind all of them.
        loop.shutdown()
        #expect(done.withLock { $0 } == [[Int]](repeating: Array(0..<rounds), count: threads))
    }
}
