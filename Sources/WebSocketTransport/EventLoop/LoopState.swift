import WebSocketCodec

/// The part of a loop's state that every message touches.
///
/// It lies behind a pointer of its own and not in properties of the loop: accesses to a class's properties are checked
/// for exclusivity at run time, which was 38 % of all instructions spent on an echo.
struct LoopState: ~Copyable {
    var poller: Poller
    var connections = ConnectionTable()
    var timers: TimerWheel
    /// They hold nothing but mask keys, so one of each serves all connections.
    var clientEncoder = FrameEncoder(role: .client)
    var serverEncoder = FrameEncoder(role: .server)
    var handshakeKeys = HandshakeKeySource()
    /// What compressed connections share; nil before the first of them.
    var compression: CompressionContexts?
    /// Memory for the output of a connection that has none.
    var spareOutput = ByteBuffer()
    /// Connections with something to write.
    var dirty: [ConnectionID] = []
    /// Connections whose end is to be told, or that are to be given up.
    var endings: [ConnectionID] = []
    /// What tells the pongs of the keepalive from others.
    let keepaliveSalt = UInt64.random(in: .min ... .max)
    /// Connections that have input left from their last turn.
    var resumptions: [ConnectionID] = []
    /// Frames told since timers had their turn.
    var eventsSinceTimers = 0
    var nowNanoseconds: Int64
    /// The clock has not been read in this pass yet.
    var isClockStale = false
    /// When the clock reaches it, the client is told.
    var noticeNanoseconds = Int64.max
    var counts = LoopCounts()
    /// What went through the loop, by account.
    let traffic: UnsafeMutableBufferPointer<Traffic>
    var lingers = false
    var watcher: (any WireWatcher)?
    /// Memory of TLS handshakes is to be given back.
    var memoryTimer = TimerID.none

    init(poller: consuming Poller, accountCount: Int) {
        self.poller = poller
        traffic = .allocate(capacity: accountCount)
        traffic.initialize(repeating: Traffic())
        nowNanoseconds = MonotonicClock.nowNanoseconds
        timers = TimerWheel(nowNanoseconds: nowNanoseconds)
    }

    deinit { traffic.deallocate() }
}

extension EventLoop {
    /// The latest reading of the clock on this loop: when the present bytes were received, or the present pass began.
    package internal(set) var nowNanoseconds: Int64 {
        get { state.pointee.nowNanoseconds }
        set { state.pointee.nowNanoseconds = newValue }
    }

    /// Reads the clock.
    func readClock() {
        state.pointee.nowNanoseconds = MonotonicClock.nowNanoseconds
        state.pointee.isClockStale = false
        state.pointee.counts.clockReadings += 1
        if state.pointee.nowNanoseconds >= state.pointee.noticeNanoseconds { giveNotice() }
    }

    @inline(never)
    private func giveNotice() {
        state.pointee.noticeNanoseconds = .max
        client?.timeReached(on: self)
    }

    /// The client is told, once, when the clock of the loop is read and has reached this time: before whatever happens
    /// then. It does not wake the loop, and costs a comparison for each reading.
    package var noticeNanoseconds: Int64 {
        get { state.pointee.noticeNanoseconds }
        set { state.pointee.noticeNanoseconds = newValue }
    }

    /// Reads the clock unless that was done in this pass: most passes begin with a `recv`, after which it is read anyway.
    func refreshClock() {
        if state.pointee.isClockStale { readClock() }
    }

    /// What the loop's work has cost so far.
    package internal(set) var counts: LoopCounts {
        get { state.pointee.counts }
        _modify { yield &state.pointee.counts }
    }

    /// Whether the loop waits up to a millisecond for more events before it returns to libdispatch. To be on while a run
    /// is active: the way through libdispatch would be measured as the server's latency.
    package var lingers: Bool {
        get { state.pointee.lingers }
        set { state.pointee.lingers = newValue }
    }

    /// What went over the wire, on the connections of one account.
    package func traffic(ofAccount account: Int) -> Traffic { state.pointee.traffic[account] }

    /// Where the bytes of a connection are counted.
    @inline(__always)
    func traffic(of connection: UnsafeMutablePointer<Connection>) -> UnsafeMutablePointer<Traffic> {
        state.pointee.traffic.baseAddress.unsafelyUnwrapped + Int(connection.pointee.account)
    }

    var poller: Poller {
        _read { yield state.pointee.poller }
        _modify { yield &state.pointee.poller }
    }

    var connections: ConnectionTable {
        _read { yield state.pointee.connections }
        _modify { yield &state.pointee.connections }
    }

    var timers: TimerWheel {
        _read { yield state.pointee.timers }
        _modify { yield &state.pointee.timers }
    }

    var clientEncoder: FrameEncoder {
        _read { yield state.pointee.clientEncoder }
        _modify { yield &state.pointee.clientEncoder }
    }

    var serverEncoder: FrameEncoder {
        _read { yield state.pointee.serverEncoder }
        _modify { yield &state.pointee.serverEncoder }
    }

    var dirty: [ConnectionID] {
        _read { yield state.pointee.dirty }
        _modify { yield &state.pointee.dirty }
    }

    var keepaliveSalt: UInt64 { state.pointee.keepaliveSalt }

    var resumptions: [ConnectionID] {
        _read { yield state.pointee.resumptions }
        _modify { yield &state.pointee.resumptions }
    }

    var endings: [ConnectionID] {
        _read { yield state.pointee.endings }
        _modify { yield &state.pointee.endings }
    }
}
