import Diagnostics
import Dispatch
package import EventProgram
import Expressions
import Glibc
package import LoadMetrics
import Synchronization
package import WebSocketTransport

/// One run of scenarios side by side, from the first connect to the last sample.
package final class LoadRun: Sendable {
    package enum Signal: Sendable {
        case interrupt
        case terminate
    }

    /// What a run was like, before it is judged.
    package struct Outcome: Sendable {
        package var measurements: RunMeasurements
        /// In the order in which they were given.
        package var scenarios: [ScenarioOutcome]
        package var firstFailures: [CheckSummary.Key: FailureInstance]
        package var firstErrors: [ErrorSummary.Key: FailureInstance]
        package var droppedLogLines: UInt64
        package var startedUnixNanoseconds: Int64
        package var signal: Signal?
        package var gaveUpAfterFailures: UInt64?
        /// The reason of a `stop_run`.
        package var stopReason: String?
        package var generator: GeneratorVerdict
        /// The data sources that had no row left for somebody.
        package var endedData: [RowDealer] = []

        package var snapshot: MetricsSnapshot { measurements.snapshot }
        package var durationNanoseconds: Int64 { measurements.durationNanoseconds }
        package var sessions: SessionCounts { scenarios.map(\.sessions).reduce(SessionCounts(), +) }
    }

    /// What became of one scenario.
    package struct ScenarioOutcome: Sendable {
        package var name: String
        package var part: LoadPart
        package var sessions = SessionCounts()
        package var arrivals = ArrivalCounts()
        /// Arrivals that were dropped because the loops had not come to them when the load ended.
        package var missedArrivals: UInt64 = 0
        package var conditions: ConditionLedger?
        package var marks: MarkLedger?
        /// What was counted in two ways.
        package var conservation: ConservationCounts
    }

    /// Virtual users that one loop serves well; fewer run cheaper on one loop than on two.
    private static let usersPerLoop: Int64 = 500
    /// How long after each second of the run what was measured in it is looked at: by then all loops have delivered it.
    private static let deliveryNanoseconds: Int64 = 50_000_000

    /// How long after it was made a run starts: by then its loops wait for that, so that what is late from the start on was
    /// held up.
    private static let leadNanoseconds: Int64 = 20_000_000

    let jobs: [ScenarioJob]
    /// The gauges of all scenarios together, where there are several.
    private let totals: ScenarioJob.Gauges?
    private let control: RunControl
    private let thresholds: [Threshold]
    private let live: LiveMetrics
    private let monitor: GeneratorMonitor
    let workers: [LoadWorker]
    private let pending: DispatchGroup
    private let stopper = RunStopper()
    private let log: LogSink

    /// - Parameters:
    ///   - thresholds: what the run is judged by. One that aborts it ends it as a `stop_run` does.
    ///   - share: which part of the load is made here.
    ///   - loopCount: nil for as many as the users need, at most one a core.
    ///   - seed: what all random values derive from but handshake keys and masks.
    /// - Throws: where the system has no descriptors for the loops.
    package init(
        _ scenarios: [LoadScenario], thresholds: [Threshold] = [], share: Share = .whole, runID: String,
        serverURL: String?, loopCount: Int?, seed: UInt64, log: LogSink
    ) throws(SystemCallError) {
        precondition(!scenarios.isEmpty, "a run of nothing")
        let parts = scenarios.map { LoadPart($0.load, share) }
        let users = parts.reduce(0) { $0 + $1.mostUsers }
        let loopCount = Int(max(1, min(Int64(loopCount ?? Self.defaultLoopCount(users: users)), users)))
        let control = RunControl(failureLimit: Self.failuresBeforeGivingUp(users: users)) { [stopper] in
            stopper.stop()
        }
        let totals =
            scenarios.count == 1 ? nil : ScenarioJob.Gauges([:], users: users, partOf: nil)
        let sendQueueBytes = Self.sendQueueBytes(sessions: parts.reduce(0) { $0 + $1.mostSessions })
        let start = MonotonicClock.nowNanoseconds + Self.leadNanoseconds
        let wallOffset = Self.wallNanoseconds - MonotonicClock.nowNanoseconds
        var jobs: [ScenarioJob] = []
        for (index, (scenario, part)) in zip(scenarios, parts).enumerated() {
            let program = scenario.program
            var tags: TagSet = [
                "scenario": program.scenario, "url": scenario.secrets.masked(program.target.url.source.text),
            ]
            for tag in scenario.tags { tags.set(Tag(tag.name, tag.value)) }
            var isOpen = false
            if case .arrivals = part.shape.work { isOpen = true }
            jobs.append(
                ScenarioJob(
                    index: index, program: program, part: part, compression: scenario.compression, tls: scenario.tls,
                    rows: scenario.rows, route: scenario.route, redirectLimit: scenario.redirectLimit,
                    observe: scenario.observe, tags: tags,
                    facts: RunFacts(
                        runID: runID, scenario: program.scenario, serverURL: serverURL,
                        environment: scenario.environment, secrets: scenario.secrets),
                    gauges: ScenarioJob.Gauges(
                        ["scenario": program.scenario], users: part.mostUsers, partOf: totals),
                    seed: RandomSeed(seed).branch(program.scenario), log: log, sendQueueBytes: sendQueueBytes,
                    startNanoseconds: start, wallOffsetNanoseconds: wallOffset, iterations: IterationCounter(part),
                    arrivalUsers: isOpen ? ArrivalUsers(limit: part.mostUsers, loopCount: loopCount) : nil,
                    control: control))
        }

        let live = LiveMetrics(
            thresholds: thresholds, loopCount: loopCount, startNanoseconds: start,
            gauges: jobs.flatMap(\.gauges.all) + (totals?.all ?? []))
        let monitor = GeneratorMonitor(thresholds: thresholds, loopCount: loopCount)
        let pending = DispatchGroup()
        var workers: [LoadWorker] = []
        for index in 0..<loopCount {
            let loop: EventLoop
            do throws(SystemCallError) {
                loop = try EventLoop(label: "wsplan.load.\(index)", accountCount: jobs.count)
            } catch {
                for worker in workers { worker.loop.shutdown() }
                throw error
            }
            let worker = LoadWorker(
                loop: loop, loopIndex: index, loopCount: loopCount, jobs: jobs, live: live,
                monitor: monitor, onDone: { pending.leave() })
            loop.client = worker
            loop.lingers = true
            workers.append(worker)
        }
        // Only now that all of them exist: a group that is given up must not be waited for.
        for _ in workers { pending.enter() }
        self.jobs = jobs
        self.totals = totals
        self.control = control
        self.thresholds = thresholds
        self.live = live
        self.monitor = monitor
        self.workers = workers
        self.pending = pending
        self.log = log
        stopper.reach(workers)
    }

    /// min(cores, ⌈VUs / 500⌉): measured, few connections run cheaper on one loop than on two.
    package static func defaultLoopCount(users: Int64) -> Int {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return Int(min(Int64(cores), (users + usersPerLoop - 1) / usersPerLoop))
    }

    /// How many failed sessions end a run in which none has ever met its expectation (plan-language §2, Pace).
    package static func failuresBeforeGivingUp(users: Int64) -> Int { Int(max(10, 3 * users)) }

    /// What may wait to be sent for one peer, in bytes: an equal part of 1 GiB for each session there can be, so that a
    /// server that stalls does not cost this machine its memory; but no more than one burst of a plan has reason to be,
    /// and no less than what is written at once.
    package static func sendQueueBytes(sessions: Int) -> Int {
        max(256 << 10, min(16 << 20, (1 << 30) / max(1, sessions)))
    }

    /// Runs to the end and gives what there is to judge. Blocks. To be called as soon as it is made.
    package func run() -> Outcome {
        for lane in workers.flatMap(\.lanes) { lane.peers = workers }
        let start = jobs[0].startNanoseconds
        for worker in workers {
            worker.loop.start()
            worker.loop.enqueue { _ in worker.start(atNanoseconds: start) }
        }
        watch(fromNanoseconds: start)
        let end = max(start, MonotonicClock.nowNanoseconds)
        stopper.finish()
        for worker in workers { worker.loop.shutdown() }
        return outcome(start: start, end: end)
    }

    /// Waits until all loops are done. Looks meanwhile, once a second, at what they have measured.
    private func watch(fromNanoseconds start: Int64) {
        var look = start + Self.deliveryNanoseconds
        repeat {
            look += SliceSchedule.stepNanoseconds
            monitor.advance()
            if let result = live.advance() { control.stop(.threshold(result)) }
        } while pending.wait(untilNanoseconds: look) == .timedOut
    }

    /// Ends the run as the end of its load does, but for `ScenarioJob.hasteNanoseconds`; what was measured is reported. Any
    /// thread may call it, at any time.
    package func stop(by signal: Signal) { control.stop(by: signal) }

    private func outcome(start: Int64, end: Int64) -> Outcome {
        let snapshot = MetricsSnapshot(
            merging: workers.map(\.snapshot), gauges: jobs.flatMap(\.gauges.all) + (totals?.all ?? []))
        let (series, ledgers) = live.finish(durationNanoseconds: end - start)
        var outcome = Outcome(
            measurements: RunMeasurements(
                thresholds: thresholds, snapshot: snapshot, series: series, ledgers: ledgers,
                durationNanoseconds: end - start),
            scenarios: [], firstFailures: [:], firstErrors: [:], droppedLogLines: log.flush(),
            startedUnixNanoseconds: start + jobs[0].wallOffsetNanoseconds, signal: control.stopSignal,
            generator: monitor.verdict(durationNanoseconds: end - start))
        func earlier(_ left: FailureInstance, _ right: FailureInstance) -> FailureInstance {
            left.sinceStartNanoseconds <= right.sinceStartNanoseconds ? left : right
        }
        let isWhole = control.stopReason == nil && control.stopSignal == nil
        for job in jobs {
            let results = workers.map { $0.lanes[job.index].result }
            for result in results {
                outcome.firstFailures.merge(result.firstFailures, uniquingKeysWith: earlier)
                outcome.firstErrors.merge(result.firstErrors, uniquingKeysWith: earlier)
            }
            outcome.scenarios.append(ScenarioOutcome(job, results, isWhole: isWhole, in: snapshot))
            for source in job.rows where source.dealer.hasRefused {
                if !outcome.endedData.contains(where: { $0 === source.dealer }) {
                    outcome.endedData.append(source.dealer)
                }
            }
        }
        switch control.stopReason {
        case .plan(let reason): outcome.stopReason = reason
        case .gaveUp(let failures): outcome.gaveUpAfterFailures = failures
        case .threshold(let result): outcome.measurements.abortedBy = result
        case nil: break
        }
        return outcome
    }

    /// The time of day, in nanoseconds since 1970.
    package static var wallNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension DispatchGroup {
    /// Waits until the group is empty, or the monotonic clock has reached a time.
    fileprivate func wait(untilNanoseconds time: Int64) -> DispatchTimeoutResult {
        wait(timeout: .now() + .nanoseconds(Int(max(0, time - MonotonicClock.nowNanoseconds))))
    }
}

extension RandomSeed {
    /// The branch that a name leads to, by its UTF-8 bytes.
    fileprivate func branch(_ name: String) -> RandomSeed { name.utf8.reduce(self) { $0.branch(UInt64($1)) } }
}
