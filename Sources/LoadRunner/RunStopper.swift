import Dispatch
import EventProgram
import Synchronization
import WebSocketTransport

/// Ends the load on all loops before its time, and sees to it that they hear of that and of what follows, also where one of
/// them is busy with a step that computes for long.
final class RunStopper: Sendable {
    /// How often the loops are asked for an answer. What one executes that has not given the last is put off.
    private static let beat = DispatchTimeInterval.milliseconds(100)

    private struct State {
        var workers: [LoadWorker] = []
        var isStopping = false
        /// By loop: the last beat that it has answered.
        var answers: [Int] = []
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "wsplan.stop")

    /// Makes the workers known, now that they exist.
    func reach(_ workers: [LoadWorker]) {
        state.withLock { state in
            state.workers = workers
            state.answers = Array(repeating: 0, count: workers.count)
        }
    }

    /// Ends the load. Any thread may call it, and more than once.
    func stop() {
        let (workers, isFirst) = state.withLock { state in
            defer { state.isStopping = true }
            return (state.workers, !state.isStopping)
        }
        for worker in workers { worker.loop.enqueue { _ in worker.endLoad() } }
        if isFirst { ask(beat: 1) }
    }

    /// The run is over.
    func finish() { state.withLock { $0.workers = [] } }

    private func ask(beat number: Int) {
        let (workers, answers) = state.withLock { ($0.workers, $0.answers) }
        guard !workers.isEmpty else { return }
        for (index, worker) in workers.enumerated() {
            if answers[index] < number - 1 { worker.interruption.request() }
            worker.loop.enqueue { [self] _ in
                worker.interruption.withdraw()
                state.withLock { $0.answers[index] = number }
            }
        }
        queue.asyncAfter(deadline: .now() + Self.beat) { self.ask(beat: number + 1) }
    }
}
