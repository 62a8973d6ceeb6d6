import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// The part of one scenario that lives on one loop: its virtual users, to whom it tells what happens on their connections
/// and for whom it carries out what they ask.
final class ScenarioLane {
    let loop: EventLoop
    let job: ScenarioJob
    let recorder: MetricsRecorder
    let series: SeriesTable
    /// What its loop notes of how it fares.
    let watch: LoopWatch
    /// The users of this lane, user 1 of the scenario being number 0; those of an open load are numbered as they are made.
    let users: Share
    /// The arrivals of this lane; nil where it has none.
    let arrivals: Share?
    /// The place of its loop among those of the run.
    let loopIndex: Int
    /// What every message touches lies in memory of its own: accesses to stored properties of a class are checked for
    /// exclusivity at run time, which was 13 % of all instructions spent on an echo.
    let executionPlace: UnsafeMutablePointer<ExecutionContext>
    let slots: PlaceTable<UserSlot>
    /// The last frames of each user's session.
    let frames: PlaceTable<FrameLog>
    /// How many users were made.
    var userCount = 0
    /// Who hears everything as it happens; nil for nobody.
    let observer: SessionObserver?
    var result = LaneResult()
    /// The series of `ws_closes` that have samples, by who closed and with which code.
    var closeSeries: [CloseFact.Initiator: [UInt16: SeriesID]] = [:]

    /// When the load begins, on the monotonic clock; never, until that is known.
    var beginNanoseconds = Int64.max
    /// The timer of what the schedule has to do next.
    var pacer = TimerID.none
    /// How many users the schedule has running, or arrivals had their turn.
    var pacedCount: Int64 = 0
    /// How many users the schedule wanted to run when it had its last turn.
    var noticedUsers: Int64 = 0
    /// Users of an open load that have no iteration.
    var freeUsers: [Int] = []
    /// Arrivals on their way from other loops when this lane stopped taking any.
    var expectedArrivals = 0
    /// The workers of all loops; empty once this lane is done.
    var peers: [LoadWorker] = []
    /// Whether it knows that nobody begins another iteration.
    private(set) var hasNothingLeft = false
    /// Whether the schedule still has something to do.
    var isPacing = true
    var runningUsers = 0
    var isEnding = false

    /// Users of all lanes whose next iteration starts at the end of the pass.
    let ready: ReadyQueue
    /// The answer to the handshake that failed just now, for the first instance of its error.
    var failedAnswer: HandshakeResponse?
    let requests: RequestBuilder
    /// The orders that are being carried out, by the index of their user, where answers that lead elsewhere are followed.
    var errands: [Int: Errand] = [:]
    private let onDone: () -> Void

    /// - Parameters:
    ///   - loopIndex: the place of the loop among `loopCount`.
    ///   - onDone: called on the loop, once, when nothing more will happen.
    init(
        loop: EventLoop, loopIndex: Int, loopCount: Int, job: ScenarioJob, recorder: MetricsRecorder, watch: LoopWatch,
        ready: ReadyQueue, interruption: Interruption, onDone: @escaping () -> Void
    ) {
        self.loop = loop
        self.job = job
        self.recorder = recorder
        self.watch = watch
        self.ready = ready
        self.onDone = onDone
        self.loopIndex = loopIndex
        users = job.part.users.part(Int64(loopIndex), of: Int64(loopCount))
        arrivals = Share(Int64(loopIndex), of: Int64(loopCount)).amongUsers(job.part.mostUsers).flatMap { lane in
            job.arrivalUsers == nil ? nil : job.part.turns?.part(lane.index, of: lane.count)
        }
        requests = RequestBuilder(job)
        series = SeriesTable(program: job.program, tags: job.tags, recorder: recorder)
        executionPlace = .allocate(capacity: 1)
        executionPlace.initialize(
            to: ExecutionContext(
                program: job.program, evaluation: EvaluationContext(run: job.facts), interruption: interruption))
        observer = job.observe.map { SessionObserver(startNanoseconds: job.startNanoseconds, $0) }
        // Any loop may have any of the users that arrivals come to.
        let capacity = job.arrivalUsers == nil ? users.count(below: job.shape.mostUsers) : job.part.mostUsers
        slots = PlaceTable(capacity: Int(capacity))
        frames = PlaceTable(capacity: Int(capacity))
    }

    deinit {
        executionPlace.deinitialize(count: 1)
        executionPlace.deallocate()
        slots.deallocate(count: userCount)
        frames.deallocate(count: userCount)
    }

    var execution: ExecutionContext {
        _read { yield executionPlace.pointee }
        _modify { yield &executionPlace.pointee }
    }

    /// The word by which timers and connections of a user are known.
    func word(_ purpose: UserAddress.Purpose = .wake, _ index: Int = 0) -> UInt64 {
        UserAddress(purpose, lane: job.index, index: index).word
    }

    // MARK: Users

    /// Makes the user with the next index.
    func makeUser(number: Int64) {
        let id = number + 1
        slots.initialize(
            userCount, to: UserSlot(VirtualUser(id: id, program: job.program, seed: job.seed.branch(UInt64(id)))))
        frames.initialize(userCount, to: FrameLog())
        userCount += 1
    }

    /// Begins an iteration of a user, where there is one left for it; else the user runs no more.
    func startIteration(of index: Int) {
        guard slots[index].isWanted, !slots[index].isActive else { return }
        guard !isEnding, hasIterations(for: index), let number = job.iterations.take(),
            begin(index, number: number, countedFrom: loop.nowNanoseconds)
        else { return retire(index) }
        if !job.iterations.hasMore { nothingIsLeft() }
    }

    /// Begins an iteration; false where a data source has no row left, which ends what the user does.
    func begin(_ index: Int, number: Int64, countedFrom start: Int64) -> Bool {
        guard let rows = dealRows(to: index) else { return false }
        if !slots[index].isRunning {
            slots[index].isRunning = true
            runningUsers += 1
            job.gauges.vus.adjust(by: 1, atNanoseconds: loop.nowNanoseconds)
        }
        slots[index].iterationStartNanoseconds = start
        slots[index].openedNanoseconds = nil
        slots[index].isCut = false
        slots[index].hasErrors = false
        frames[index].removeAll()
        // Here and not when it connects: an iteration whose variables cannot be evaluated is a failed session as well.
        recorder.add(series.sessions)
        result.sessions.attempted += 1
        deliver(.start(runIteration: number, rows: rows), to: index)
        return true
    }

    /// The rows for the next iteration of a user; nil where a source has none left.
    private func dealRows(to index: Int) -> [DealtRow]? {
        guard !job.rows.isEmpty else { return [] }
        var rows: [DealtRow] = []
        for (source, use) in zip(job.rows, job.program.data) {
            if slots[index].user.iteration >= 0, use.slot < job.program.vuVariableCount { continue }
            guard let row = source.dealer.deal(toUser: source.number(of: slots[index].user)) else { return nil }
            rows.append(DealtRow(slot: use.slot, row: row))
        }
        return rows
    }

    /// Whether there is something left to do for a user, who would begin it.
    private func hasIterations(for index: Int) -> Bool {
        if case .users(_, .perVU(let limit)) = job.shape.work, slots[index].user.iteration + 1 >= limit { return false }
        guard job.iterations.hasMore else { return false }
        let emptySources = job.rows.filter { !$0.dealer.hasRow(forUser: $0.number(of: slots[index].user)) }
        // On another loop, meanwhile, the last iteration may have taken the last row: that is nobody's refusal.
        guard !emptySources.isEmpty, job.iterations.hasMore else { return emptySources.isEmpty }
        for source in emptySources { source.dealer.noteRefusal() }
        return false
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
        } else if cut {
            result.cut += 1
        } else {
            result.sessions.met += 1
        }
        let connected = slots[index].openedNanoseconds != nil
        if !connected { result.unopened += 1 }
        if failed || !cut { job.control.sessionEnded(failed: failed) }
        cancelStop(of: index)

        guard job.arrivalUsers == nil else { return turnOver(index) }
        // Nobody waits for a pause with nothing behind it.
        guard !isEnding, slots[index].isWanted, hasIterations(for: index) else { return retire(index) }
        let least = slots[index].backoff.pauseNanoseconds(connected: connected || !slots[index].hasErrors)
        goOn(index, afterNanoseconds: max(least, drawPause(of: index)))
    }

    /// Lets a user have its next turn after a pause.
    func goOn(_ index: Int, afterNanoseconds pause: Int64) {
        if pause == 0 {
            ready.words.append(word(.next, index))
        } else {
            slots[index].pause = loop.startTimer(
                dueNanoseconds: loop.nowNanoseconds + pause, context: word(.next, index))
        }
    }

    /// A user has its next turn.
    func next(_ index: Int) {
        slots[index].pause = .none
        if job.arrivalUsers == nil { startIteration(of: index) } else { becameFree(index) }
    }

    func drawPause(of index: Int) -> Int64 {
        let range = job.shape.pauseNanoseconds
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        // No program draws from this branch: its first number is that of a user, from 1.
        let seed = job.seed.branch(0).branch(UInt64(slots[index].user.id))
        var random = seed.branch(UInt64(slots[index].user.iteration)).stream
        return range.lowerBound + Int64(random.next(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }

    /// A user has nothing to do any more.
    func retire(_ index: Int) {
        stopRunning(index)
        if !job.iterations.hasMore || job.rows.contains(where: \.dealer.hasRunOut) { nothingIsLeft() }
        finishPacing()
        finishIfDone()
    }

    /// No iteration can begin any more, since the last has or rows have run out: all lanes of the scenario let go who waits for its
    /// next, and start nobody else. A run does not last until the last of its users would have been started, or has had a pause,
    /// to learn that there is nothing to do.
    func nothingIsLeft() {
        guard !hasNothingLeft else { return }
        let (lane, others) = (job.index, peers.filter { $0.loop !== loop })
        dismissIdleUsers()
        for worker in others { worker.loop.enqueue { _ in worker.lanes[lane].dismissIdleUsers() } }
    }

    private func dismissIdleUsers() {
        guard !hasNothingLeft else { return }
        hasNothingLeft = true
        guard !isEnding else { return }
        // The rest of the arrivals is not due any more; whom they would come to is none of those that run.
        if isPacing, job.arrivalUsers != nil { result.arrivals.due = UInt64(pacedCount) }
        for index in 0..<userCount where slots[index].isRunning && !slots[index].isActive {
            loop.cancelTimer(slots[index].pause)
            slots[index].pause = .none
            stopRunning(index)
        }
        finishPacing()
        finishIfDone()
    }

    /// With nothing left, the schedule ends; where it may have to stop those who run, with them.
    private func finishPacing() {
        if hasNothingLeft, runningUsers == 0 || !job.shape.stopsUsers { stopPacing() }
    }

    /// A user is none of those that run.
    func stopRunning(_ index: Int) {
        slots[index].isWanted = false
        guard slots[index].isRunning else { return }
        slots[index].isRunning = false
        runningUsers -= 1
        job.gauges.vus.adjust(by: -1, atNanoseconds: loop.nowNanoseconds)
    }

    // MARK: The end

    /// Ends the lane where nothing more can happen on it.
    func finishIfDone() {
        guard runningUsers == 0, !isPacing, expectedArrivals == 0, !result.isDone else { return }
        result.isDone = true
        result.conditions = execution.conditions
        result.marks = execution.marks
        result.awaits = execution.awaits
        peers = []
        onDone()
    }

    /// No iteration starts from here on; open sessions have their grace before they are closed, and then `drainNanoseconds`
    /// for all that is left to do. A later call may only shorten both.
    func endLoad(graceNanoseconds: Int64, drainNanoseconds: Int64) {
        guard !result.isDone else { return }
        if !isEnding {
            isEnding = true
            settleArrivals()
            stopPacing()
            for index in 0..<userCount where !slots[index].isActive { stopRunning(index) }
            finishIfDone()
        }
        guard runningUsers > 0 else { return }
        if graceNanoseconds == 0 {
            closeSessions()
        } else {
            loop.startDeadline(dueNanoseconds: loop.nowNanoseconds + graceNanoseconds, context: word(.graceEnd))
        }
        loop.startDeadline(
            dueNanoseconds: loop.nowNanoseconds + graceNanoseconds + drainNanoseconds, context: word(.drainEnd))
    }

    func closeSessions() {
        for index in 0..<userCount where slots[index].isActive { deliver(.loadEnded, to: index) }
    }

    func abandonSessions() {
        for index in 0..<userCount where slots[index].isActive { deliver(.abandoned, to: index) }
    }

    // MARK: Stimuli

    func wake(_ index: Int) {
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
        slots[index].alarm = loop.startTimer(dueNanoseconds: wake, context: word(.wake, index))
        slots[index].alarmNanoseconds = wake
    }

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
