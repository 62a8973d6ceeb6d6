import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// The virtual users of one loop: it tells them what happens on their connections, and carries out what they ask.
final class LoadWorker: LoopClient, @unchecked Sendable {
    // Sendable: after `start` everything is used on the loop only; `result` is read when `onDone` has been called.

    /// A virtual user, and what it has to do with the world.
    struct Slot {
        var user: VirtualUser
        var connection: ConnectionID?
        /// The timer that wakes it, and when. It may be early: then it is set anew when it fires.
        var alarm: TimerID?
        var alarmNanoseconds = Int64.max
        var iterationStartNanoseconds: Int64 = 0
        /// When the session of this iteration opened; nil while it has not.
        var openedNanoseconds: Int64?
        var isOpen = false
        var hasStarted = false
        var isRetired = false
        var backoff = Backoff()
        /// Where the last request went.
        var url: WebSocketURL?
        /// What servers have set; kept over the user's iterations.
        var cookies = CookieJar()
    }

    /// What the context of a timer says it is for: the index of a user, or one of these.
    enum Alarm {
        static let startBit: UInt64 = 1 << 63
        static let loadEnd = UInt64.max
        static let graceEnd = UInt64.max - 1
        static let drainEnd = UInt64.max - 2
    }

    let loop: EventLoop
    let job: LoadJob
    let control: RunControl
    let recorder = MetricsRecorder()
    let series: SeriesTable
    /// What every message touches lies in memory of its own: accesses to stored properties of a class are checked for
    /// exclusivity at run time, which was 13 % of all instructions spent on an echo.
    let executionPlace: UnsafeMutablePointer<ExecutionContext>
    let slots: UnsafeMutableBufferPointer<Slot>
    /// The last frames of each user's session.
    let frames: UnsafeMutableBufferPointer<FrameLog>
    /// Who hears everything as it happens; nil for nobody.
    let observer: SessionObserver?
    var result = WorkerResult()

    /// Users whose next iteration starts at the end of the pass.
    var ready: [Int] = []
    var liveUsers: Int
    var isEnding = false
    /// The answer to the handshake that failed just now, for the first instance of its error.
    var failedAnswer: HandshakeResponse?
    var requests: RequestBuilder
    /// The orders that are being carried out, by the index of their user, where answers that lead elsewhere are followed.
    var errands: [Int: Errand] = [:]
    private let onDone: @Sendable () -> Void

    /// - Parameter userIDs: the users that live on this loop.
    init(
        loop: EventLoop, job: LoadJob, control: RunControl, userIDs: [Int64], onDone: @escaping @Sendable () -> Void
    ) {
        self.loop = loop
        self.job = job
        self.control = control
        self.onDone = onDone
        requests = RequestBuilder(job)
        series = SeriesTable(program: job.program, tags: job.tags, recorder: recorder)
        executionPlace = .allocate(capacity: 1)
        executionPlace.initialize(
            to: ExecutionContext(program: job.program, evaluation: EvaluationContext(run: job.facts)))
        observer = job.observe.map { SessionObserver(startNanoseconds: job.startNanoseconds, $0) }
        loop.watcher = observer
        slots = .allocate(capacity: userIDs.count)
        frames = .allocate(capacity: userIDs.count)
        for (index, id) in userIDs.enumerated() {
            frames.initializeElement(at: index, to: FrameLog())
            let user = VirtualUser(id: id, program: job.program, seed: job.seed.branch(UInt64(id)))
            slots.initializeElement(at: index, to: Slot(user: user))
        }
        liveUsers = slots.count
    }

    deinit {
        executionPlace.deinitialize(count: 1)
        executionPlace.deallocate()
        slots.deinitialize()
        slots.deallocate()
        frames.deinitialize()
        frames.deallocate()
    }

    var execution: ExecutionContext {
        _read { yield executionPlace.pointee }
        _modify { yield &executionPlace.pointee }
    }

    // MARK: The load

    /// Starts the load. On the loop.
    func start(atNanoseconds start: Int64) {
        if let duration = job.load.durationNanoseconds {
            _ = loop.startTimer(dueNanoseconds: start + duration, context: Alarm.loadEnd)
        }
        for index in slots.indices {
            let due = start + job.load.firstStartNanoseconds(ofVU: slots[index].user.id)
            _ = loop.startTimer(dueNanoseconds: due, context: UInt64(index) | Alarm.startBit)
        }
        finishIfDone()
    }

    private func startIteration(of index: Int) {
        guard !slots[index].isRetired, !slots[index].user.isActive else { return }
        if isEnding { return retire(index) }
        guard hasIterations(for: index), let number = control.takeIteration(), let rows = dealRows(to: index) else {
            return retire(index)
        }
        if !slots[index].hasStarted {
            slots[index].hasStarted = true
            job.gauges.vus.adjust(by: 1)
        }
        slots[index].iterationStartNanoseconds = loop.nowNanoseconds
        slots[index].openedNanoseconds = nil
        frames[index].removeAll()
        // Here and not when it connects: an iteration whose variables cannot be evaluated is a failed session as well.
        recorder.add(series.sessions)
        result.sessions.attempted += 1
        deliver(.start(runIteration: number, rows: rows), to: index)
    }

    /// The rows for the next iteration of a user; nil where a source has none left, which ends what the user does.
    private func dealRows(to index: Int) -> [DealtRow]? {
        guard !job.dealers.isEmpty else { return [] }
        var rows: [DealtRow] = []
        for (dealer, source) in zip(job.dealers, job.program.data) {
            if slots[index].hasStarted, source.slot < job.program.vuVariableCount { continue }
            guard let row = dealer.deal(toVU: slots[index].user.id) else { return nil }
            rows.append(DealtRow(slot: source.slot, row: row))
        }
        return rows
    }

    /// Whether there is something left to do for a user.
    private func hasIterations(for index: Int) -> Bool {
        let isWanted =
            switch job.load.iterations {
            case .unlimited: true
            case .total: control.hasIterations
            case .perVU(let limit): slots[index].user.iteration + 1 < Int64(limit)
            }
        return isWanted && job.dealers.allSatisfy { $0.hasRowsLeft() }
    }

    /// The iteration of a user is over: counts it, and sees to the next one.
    func iterationOver(_ index: Int, failed: Bool, cut: Bool) {
        let now = loop.nowNanoseconds
        recorder.add(series.iterations)
        if !cut {
            recorder.record(
                series.iterationDuration, nanoseconds: now - slots[index].iterationStartNanoseconds)
        }
        // A sample of this rate passes where the session failed.
        if failed { recorder.pass(series.sessionFailed) } else { recorder.fail(series.sessionFailed) }
        if failed {
            result.sessions.failed += 1
        } else if !cut {
            result.sessions.met += 1
        }
        if failed || !cut { control.sessionEnded(failed: failed) }

        // Nobody waits for a pause with nothing behind it.
        guard !isEnding, hasIterations(for: index) else { return retire(index) }
        let connected = slots[index].openedNanoseconds != nil
        let least = slots[index].backoff.pauseNanoseconds(connected: connected || !failed)
        let pause = max(least, drawPause(of: index))
        if pause == 0 {
            ready.append(index)
        } else {
            _ = loop.startTimer(dueNanoseconds: now + pause, context: UInt64(index) | Alarm.startBit)
        }
    }

    private func drawPause(of index: Int) -> Int64 {
        let range = job.load.pauseNanoseconds
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        // No program draws from this branch: its first number is that of a user, from 1.
        let seed = job.seed.branch(0).branch(UInt64(slots[index].user.id))
        var random = seed.branch(UInt64(slots[index].user.iteration)).stream
        return range.lowerBound + Int64(random.next(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }

    private func retire(_ index: Int) {
        guard !slots[index].isRetired else { return }
        slots[index].isRetired = true
        if slots[index].hasStarted { job.gauges.vus.adjust(by: -1) }
        liveUsers -= 1
        finishIfDone()
    }

    private func finishIfDone() {
        guard liveUsers == 0, !result.isDone else { return }
        recorder.add(series.dataSent, Int(loop.traffic.bytesSent))
        recorder.add(series.dataReceived, Int(loop.traffic.bytesReceived))
        recorder.add(series.payloadSent, Int(loop.traffic.payloadBytesSent))
        recorder.add(series.payloadReceived, Int(loop.traffic.payloadBytesReceived))
        result.isDone = true
        result.snapshot = recorder.snapshot()
        result.conditions = execution.conditions
        result.marks = execution.marks
        onDone()
    }

    // MARK: The end of the load

    /// No iteration starts from here on; open sessions have their grace before they are closed, and then `drainNanoseconds`
    /// for all that is left to do. A later call may only shorten both.
    func endLoad(graceNanoseconds: Int64, drainNanoseconds: Int64) {
        let wasEnding = isEnding
        isEnding = true
        if !wasEnding {
            for index in slots.indices where !slots[index].user.isActive { retire(index) }
        }
        guard liveUsers > 0 else { return }
        if graceNanoseconds == 0 {
            closeSessions()
        } else {
            _ = loop.startTimer(
                dueNanoseconds: loop.nowNanoseconds + graceNanoseconds, context: Alarm.graceEnd)
        }
        _ = loop.startTimer(
            dueNanoseconds: loop.nowNanoseconds + graceNanoseconds + drainNanoseconds, context: Alarm.drainEnd)
    }

    private func closeSessions() {
        for index in slots.indices where slots[index].user.isActive { deliver(.loadEnded, to: index) }
    }

    private func abandonSessions() {
        for index in slots.indices where slots[index].user.isActive { deliver(.abandoned, to: index) }
    }

    // MARK: Timers

    func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {
        switch context {
        case Alarm.loadEnd:
            endLoad(graceNanoseconds: job.load.gracefulStopNanoseconds, drainNanoseconds: job.drainNanoseconds)
        case Alarm.graceEnd: closeSessions()
        case Alarm.drainEnd: abandonSessions()
        default:
            if context & Alarm.startBit != 0 {
                startIteration(of: Int(context & ~Alarm.startBit))
            } else {
                wake(Int(context))
            }
        }
    }

    private func wake(_ index: Int) {
        slots[index].alarm = nil
        slots[index].alarmNanoseconds = .max
        if slots[index].user.wakeNanoseconds <= loop.nowNanoseconds {
            deliver(.wake, to: index)
        } else {
            setAlarm(of: index)
        }
    }

    /// Sees that the user is woken in time. An alarm that would ring early stays: setting it anew when it rings is
    /// cheaper than moving it with every message that puts a timeout off.
    private func setAlarm(of index: Int) {
        let wake = slots[index].user.wakeNanoseconds
        guard wake < slots[index].alarmNanoseconds else { return }
        if let alarm = slots[index].alarm { _ = loop.cancelTimer(alarm) }
        slots[index].alarm = loop.startTimer(dueNanoseconds: wake, context: UInt64(index))
        slots[index].alarmNanoseconds = wake
    }

    func passEnded(on loop: EventLoop) {
        guard !ready.isEmpty else { return }
        let indices = ready
        ready.removeAll(keepingCapacity: true)
        for index in indices { startIteration(of: index) }
    }

    // MARK: Stimuli

    /// Hands a stimulus to a user and carries out what it asks for.
    ///
    /// - Parameter time: when it happened, where that was before now.
    func deliver(_ stimulus: consuming Stimulus, to index: Int, atNanoseconds time: Int64? = nil) {
        let now = time ?? loop.nowNanoseconds
        while true {
            execution.evaluation.wallNanoseconds = now + job.wallOffsetNanoseconds
            slots[index].user.next(after: stimulus, atNanoseconds: now, in: &execution)
            guard let answer = perform(for: index) else { break }
            stimulus = answer
        }
        setAlarm(of: index)
    }
}

/// What one loop has to say when its users are done.
struct WorkerResult {
    var isDone = false
    var snapshot = MetricsSnapshot()
    var sessions = SessionCounts()
    var conditions: ConditionLedger?
    var marks: MarkLedger?
    var firstFailures: [CheckSummary.Key: FailureInstance] = [:]
    var firstErrors: [ErrorSummary.Key: FailureInstance] = [:]
}
