import Diagnostics
import Dispatch
package import EventProgram
import Expressions
import Glibc
package import LoadMetrics
import Synchronization
package import WebSocketTransport

/// One run of one scenario, from its first connect to its last sample.
package final class LoadRun: Sendable {
    package enum Signal: Sendable {
        case interrupt
        case terminate
    }

    /// What a run was like, before it is judged.
    package struct Outcome: Sendable {
        package var snapshot: MetricsSnapshot
        package var sessions: SessionCounts
        package var firstFailures: [CheckSummary.Key: FailureInstance]
        package var firstErrors: [ErrorSummary.Key: FailureInstance]
        package var conditions: ConditionLedger?
        package var marks: MarkLedger?
        package var droppedLogLines: UInt64
        package var startedUnixNanoseconds: Int64
        package var durationNanoseconds: Int64
        package var signal: Signal?
        package var gaveUpAfterFailures: UInt64?
        /// The reason of a `stop_run`.
        package var stopReason: String?
        /// The data sources that had no row left for somebody.
        package var endedData: [RowDealer] = []
    }

    /// Virtual users that one loop serves well; fewer run cheaper on one loop than on two.
    static let usersPerLoop = 500
    /// How long an interrupted run waits for the peers' Close frames.
    private static let interruptDrainNanoseconds: Int64 = 900_000_000

    private let job: LoadJob
    private let control: RunControl
    private let workers: [LoadWorker]
    private let pending: DispatchGroup
    private let stopper = Stopper()
    private let signal = Mutex<Signal?>(nil)

    /// - Parameters:
    ///   - loopCount: nil for as many as the users need, at most one a core.
    ///   - seed: what all random values derive from but handshake keys and masks.
    /// - Throws: where the system has no descriptors for the loops.
    package init(
        _ scenario: LoadScenario, runID: String, serverURL: String?, loopCount: Int?, seed: UInt64, log: LogSink
    ) throws(SystemCallError) {
        let program = scenario.program
        var tags: TagSet = [
            "scenario": program.scenario, "url": scenario.secrets.masked(program.target.url.source.text),
        ]
        for tag in scenario.tags { tags.set(Tag(tag.name, tag.value)) }
        let start = MonotonicClock.nowNanoseconds
        let gaugeTags: TagSet = ["scenario": program.scenario]
        let job = LoadJob(
            program: program, load: scenario.load, compression: scenario.compression, tls: scenario.tls,
            dealers: scenario.dealers, route: scenario.route, redirectLimit: scenario.redirectLimit,
            observe: scenario.observe, tags: tags,
            facts: RunFacts(
                runID: runID, scenario: program.scenario, serverURL: serverURL, environment: scenario.environment,
                secrets: scenario.secrets),
            gauges: LoadJob.Gauges(
                vus: SharedGauge(.vus, gaugeTags), vusMax: SharedGauge(.vusMax, gaugeTags),
                open: SharedGauge(.wsOpen, gaugeTags)),
            seed: RandomSeed(seed), log: log, startNanoseconds: start,
            wallOffsetNanoseconds: Self.wallNanoseconds - MonotonicClock.nowNanoseconds)

        let count = loopCount ?? Self.defaultLoopCount(vus: scenario.load.vus)
        let pending = DispatchGroup()
        let control = RunControl(load: scenario.load) { [stopper] in
            stopper.stop(drainNanoseconds: job.drainNanoseconds)
        }
        var workers: [LoadWorker] = []
        for index in 0..<max(1, min(count, scenario.load.vus)) {
            let loop: EventLoop
            do throws(SystemCallError) {
                loop = try EventLoop(label: "wsplan.load.\(index)")
            } catch {
                for worker in workers { worker.loop.shutdown() }
                throw error
            }
            let ids = stride(from: Int64(index) + 1, through: Int64(scenario.load.vus), by: count)
            let worker = LoadWorker(
                loop: loop, job: job, control: control, userIDs: Array(ids), onDone: { pending.leave() })
            loop.client = worker
            loop.lingers = true
            workers.append(worker)
        }
        // Only now that all of them exist: a group that is given up must not be waited for.
        for _ in workers { pending.enter() }
        self.job = job
        self.control = control
        self.workers = workers
        self.pending = pending
        stopper.workers.withLock { [workers] in $0 = workers }
    }

    /// min(cores, ⌈VUs / 500⌉): measured, few connections run cheaper on one loop than on two.
    package static func defaultLoopCount(vus: Int) -> Int {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return min(cores, (vus + usersPerLoop - 1) / usersPerLoop)
    }

    /// Runs to the end and gives what there is to judge. Blocks.
    package func run() -> Outcome {
        job.gauges.vusMax.adjust(by: Int64(job.load.vus))
        let start = MonotonicClock.nowNanoseconds
        for worker in workers {
            worker.loop.start()
            worker.loop.enqueue { _ in worker.start(atNanoseconds: start) }
        }
        pending.wait()
        let end = MonotonicClock.nowNanoseconds
        for worker in workers { worker.loop.shutdown() }
        return outcome(start: start, end: end)
    }

    /// Ends the run: open sessions are closed with 1001, and what was measured is reported. Any thread may call it.
    package func stop(by newSignal: Signal) {
        signal.withLock { $0 = $0 ?? newSignal }
        stopper.stop(drainNanoseconds: Self.interruptDrainNanoseconds)
    }

    private func outcome(start: Int64, end: Int64) -> Outcome {
        var outcome = Outcome(
            snapshot: MetricsSnapshot(merging: workers.map(\.result.snapshot), gauges: job.gauges.all),
            sessions: SessionCounts(), firstFailures: [:], firstErrors: [:], conditions: nil, marks: nil,
            droppedLogLines: job.log.flush(), startedUnixNanoseconds: start + job.wallOffsetNanoseconds,
            durationNanoseconds: end - start, signal: signal.withLock { $0 })
        func earlier(_ left: FailureInstance, _ right: FailureInstance) -> FailureInstance {
            left.sinceStartNanoseconds <= right.sinceStartNanoseconds ? left : right
        }
        for result in workers.map(\.result) {
            outcome.sessions = outcome.sessions + result.sessions
            outcome.firstFailures.merge(result.firstFailures, uniquingKeysWith: earlier)
            outcome.firstErrors.merge(result.firstErrors, uniquingKeysWith: earlier)
            if let conditions = result.conditions {
                if outcome.conditions == nil {
                    outcome.conditions = conditions
                } else {
                    outcome.conditions?.merge(conditions)
                }
            }
            if let marks = result.marks {
                if outcome.marks == nil { outcome.marks = marks } else { outcome.marks?.merge(marks) }
            }
        }
        outcome.endedData = job.dealers.filter(\.hasRefused)
        switch control.stopReason {
        case .plan(let reason): outcome.stopReason = reason
        case .gaveUp(let failures): outcome.gaveUpAfterFailures = failures
        case nil: break
        }
        return outcome
    }

    private static var wallNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Reaches all workers once they exist.
    private final class Stopper: Sendable {
        let workers = Mutex<[LoadWorker]>([])

        func stop(drainNanoseconds: Int64) {
            for worker in workers.withLock({ $0 }) {
                worker.loop.enqueue { _ in worker.endLoad(graceNanoseconds: 0, drainNanoseconds: drainNanoseconds) }
            }
        }
    }
}
