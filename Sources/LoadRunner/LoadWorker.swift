import EventProgram
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// What runs on one loop: a lane of every scenario. It passes on what the loop has to tell to the lane that it is about.
final class LoadWorker: LoopClient, @unchecked Sendable {
    // Sendable: after `start` everything is used on the loop only; `result` is read when `onDone` has been called.

    let loop: EventLoop
    let lanes: [ScenarioLane]
    /// What was measured on this loop, once `onDone` has been called.
    private(set) var snapshot = MetricsSnapshot()

    /// Has what runs on this loop put off.
    let interruption = Interruption()
    private let recorder: MetricsRecorder
    private let watch: LoopWatch
    /// The timer of the watch's next beat.
    private var beat = TimerID.none
    private let ready = ReadyQueue()
    private let watcher: LaneWatcher?
    /// The lanes without counting references to them, which would be done for every message.
    private let places: UnsafeMutablePointer<Unmanaged<ScenarioLane>>
    private let liveLanes: LiveLanes
    private let onDone: @Sendable () -> Void

    /// How many lanes are not done yet.
    private final class LiveLanes {
        var count: Int
        var onNone: () -> Void = {}

        init(_ count: Int) { self.count = count }

        func oneIsDone() {
            count -= 1
            if count == 0 { onNone() }
        }
    }

    /// - Parameters:
    ///   - loopIndex: the place of the loop among `loopCount`.
    ///   - live: who is told what is measured while the run goes on.
    ///   - monitor: who is told how the loop fares.
    ///   - onDone: called on the loop, once, when nothing more will happen.
    init(
        loop: EventLoop, loopIndex: Int, loopCount: Int, jobs: [ScenarioJob], live: LiveMetrics,
        monitor: GeneratorMonitor, onDone: @escaping @Sendable () -> Void
    ) {
        self.loop = loop
        self.onDone = onDone
        let recorder = MetricsRecorder(live.order(forLoop: loopIndex))
        self.recorder = recorder
        let watch = LoopWatch(startNanoseconds: jobs[0].startNanoseconds) { second, number, isLast in
            monitor.deliver(second, number: number, ofLoop: loopIndex, isLast: isLast)
        }
        self.watch = watch
        let (ready, interruption, live) = (ready, interruption, LiveLanes(jobs.count))
        lanes = jobs.map { job in
            ScenarioLane(
                loop: loop, loopIndex: loopIndex, loopCount: loopCount, job: job, recorder: recorder, watch: watch,
                ready: ready, interruption: interruption, onDone: { live.oneIsDone() })
        }
        liveLanes = live
        places = .allocate(capacity: lanes.count)
        for (index, lane) in lanes.enumerated() { (places + index).initialize(to: .passUnretained(lane)) }
        let observers = lanes.map(\.observer)
        watcher = observers.contains { $0 != nil } ? LaneWatcher(observers) : nil
        loop.watcher = watcher
        live.onNone = { [unowned self] in finish() }
    }

    deinit { places.deallocate() }

    /// Starts the load. On the loop.
    func start(atNanoseconds start: Int64) {
        guard liveLanes.count > 0 else { return }
        loop.noticeNanoseconds = recorder.sliceEndNanoseconds
        watch.start(atNanoseconds: loop.nowNanoseconds)
        startBeat()
        for lane in lanes { lane.start(atNanoseconds: start) }
    }

    /// Ends the load of all scenarios at once, before its time. On the loop.
    func endLoad() {
        for lane in lanes {
            lane.endLoad(
                graceNanoseconds: lane.job.shape.gracefulStopNanoseconds,
                drainNanoseconds: min(lane.job.drainNanoseconds, ScenarioJob.hasteNanoseconds))
        }
    }

    /// An arrival comes from another loop.
    func takeOver(_ arrival: Arrival, lane: Int) { lanes[lane].takeOver(arrival) }

    /// All lanes are done.
    private func finish() {
        loop.noticeNanoseconds = .max
        loop.cancelTimer(beat)
        watch.finish(atNanoseconds: MonotonicClock.nowNanoseconds)
        for lane in lanes { lane.countTraffic() }
        recorder.finish()
        snapshot = recorder.snapshot()
        onDone()
    }

    @inline(__always)
    private func withLane<Result>(of context: UInt64, _ body: (ScenarioLane) -> Result) -> Result {
        places[UserAddress.lane(of: context)]._withUnsafeGuaranteedRef(body)
    }

    // MARK: What the loop tells

    func opened(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
        timings: ConnectTimings
    ) {
        withLane(of: context) {
            $0.opened(connection, of: UserAddress.index(of: context), response: response, timings: timings)
        }
    }

    func failed(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, error: ConnectionError,
        response: HandshakeResponse?
    ) {
        withLane(of: context) {
            $0.failed(connection, of: UserAddress.index(of: context), error: error, response: response)
        }
    }

    func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64
    ) {
        payload.withUnsafeBytes { payload in
            withLane(of: context) {
                $0.message(
                    on: connection, of: UserAddress.index(of: context), kind: kind, payload: payload,
                    receivedAtNanoseconds: receivedAtNanoseconds)
            }
        }
    }

    func ping(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, receivedAtNanoseconds: Int64
    ) {
        payload.withUnsafeBytes { payload in
            withLane(of: context) {
                $0.ping(
                    on: connection, of: UserAddress.index(of: context), payload: payload,
                    receivedAtNanoseconds: receivedAtNanoseconds)
            }
        }
    }

    func pong(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64
    ) {
        payload.withUnsafeBytes { payload in
            withLane(of: context) {
                $0.pong(
                    on: connection, of: UserAddress.index(of: context), payload: payload,
                    pingSentAtNanoseconds: pingSentAtNanoseconds, receivedAtNanoseconds: receivedAtNanoseconds)
            }
        }
    }

    func closeReceived(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, frame: ConnectionEnd.CloseFrame,
        receivedAtNanoseconds: Int64
    ) {
        withLane(of: context) {
            $0.closeReceived(on: connection, of: UserAddress.index(of: context), frame: frame)
        }
    }

    func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd) {
        withLane(of: context) { $0.closed(connection, of: UserAddress.index(of: context), end: end) }
    }

    func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {
        let address = UserAddress(word: context)
        withLane(of: context) { lane in
            switch address.purpose {
            case .wake: lane.wake(address.index)
            case .next:
                watch.begun(lateNanoseconds: loop.nowNanoseconds - dueNanoseconds)
                lane.next(address.index)
            case .stop: lane.cut(address.index)
            case .abandon: lane.deliver(.abandoned, to: address.index)
            case .pace: lane.pace()
            case .loadEnd: lane.timeIsOver()
            case .graceEnd: lane.closeSessions()
            case .drainEnd: lane.abandonSessions()
            case .beat:
                // By the clock and not by that of the loop, which stands still while it deals with many timers.
                watch.beat(atNanoseconds: MonotonicClock.nowNanoseconds)
                startBeat()
            }
        }
    }

    private func startBeat() {
        beat = loop.startTimer(
            dueNanoseconds: watch.nextBeatNanoseconds, context: UserAddress(.beat, lane: 0).word)
    }

    /// Samples from here on belong to the next slice of the run's time.
    func timeReached(on loop: EventLoop) {
        for lane in lanes { lane.countTraffic() }
        recorder.advance(toNanoseconds: loop.nowNanoseconds)
        loop.noticeNanoseconds = recorder.sliceEndNanoseconds
    }

    func passEnded(on loop: EventLoop) {
        guard !ready.words.isEmpty else { return }
        let words = ready.words
        ready.words.removeAll(keepingCapacity: true)
        for word in words { withLane(of: word) { $0.next(UserAddress.index(of: word)) } }
    }
}
