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
    /// Connections with something to write.
    var dirty: [ConnectionID] = []
    /// Connections whose end is to be told, or that are to be given up.
    var endings: [ConnectionID] = []
    var nowNanoseconds: Int64
    var traffic = Traffic()
    var lingers = false

    init(poller: consuming Poller) {
        self.poller = poller
        nowNanoseconds = MonotonicClock.nowNanoseconds
        timers = TimerWheel(nowNanoseconds: nowNanoseconds)
    }
}

extension EventLoop {
    /// The latest reading of the clock on this loop: when the present bytes were received, or the present pass began.
    package internal(set) var nowNanoseconds: Int64 {
        get { state.pointee.nowNanoseconds }
        set { state.pointee.nowNanoseconds = newValue }
    }

    /// Whether the loop waits up to a millisecond for more events before it returns to libdispatch. To be on while a run
    /// is active: the way through libdispatch would be measured as the server's latency.
    package var lingers: Bool {
        get { state.pointee.lingers }
        set { state.pointee.lingers = newValue }
    }

    /// What went over the wire.
    package internal(set) var traffic: Traffic {
        get { state.pointee.traffic }
        _modify { yield &state.pointee.traffic }
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

    var endings: [ConnectionID] {
        _read { yield state.pointee.endings }
        _modify { yield &state.pointee.endings }
    }
}
