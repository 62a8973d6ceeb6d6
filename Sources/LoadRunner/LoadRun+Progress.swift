package import LoadMetrics
import Synchronization
import WebSocketTransport

extension LoadRun {
    /// Says how the run stands, once each of its loops has told its part: on one of them, and never where the run ends
    /// before or a loop hangs. It costs the loops nothing but being asked.
    package func takeProgress(_ report: @escaping @Sendable (RunProgress) -> Void) {
        let tally = Tally(waitingFor: workers.count)
        for worker in workers {
            worker.loop.enqueue { [jobs] _ in
                guard var progress = tally.add(worker) else { return }
                progress.sinceStartNanoseconds = MonotonicClock.nowNanoseconds - jobs[0].startNanoseconds
                for job in jobs {
                    progress.vus += job.gauges.vus.current
                    progress.openSessions += job.gauges.open.current
                }
                report(progress)
            }
        }
    }

    /// The sum of what the loops have told.
    private final class Tally: Sendable {
        private struct State {
            var waitingFor: Int
            var progress = RunProgress()
        }

        private let state: Mutex<State>

        init(waitingFor count: Int) { state = Mutex(State(waitingFor: count)) }

        /// Adds what a worker has counted, on its loop; gives the sum where it was the last one.
        func add(_ worker: LoadWorker) -> RunProgress? {
            let (messages, errors) = (worker.messageCount, worker.errorCount)
            return state.withLock { state in
                state.progress.messages += messages
                state.progress.errors += errors
                state.waitingFor -= 1
                return state.waitingFor == 0 ? state.progress : nil
            }
        }
    }
}

extension LoadWorker {
    /// Messages sent and received so far. On the loop.
    fileprivate var messageCount: Int64 {
        lanes.reduce(0) { sum, lane in
            lane.series.messages.reduce(sum) { $0 + lane.recorder.count($1) }
        }
    }

    /// Errors so far. On the loop.
    fileprivate var errorCount: Int64 { lanes.reduce(0) { $0 + $1.result.errors } }
}
