import EventProgram
import WebSocketCodec
import WebSocketTransport

/// A virtual user, and what it has to do with the world.
struct UserSlot {
    var user: VirtualUser
    var connection: ConnectionID?
    /// The timer that wakes it, and when. It may be early: then it is set anew when it fires.
    var alarm: TimerID?
    var alarmNanoseconds = Int64.max
    /// The timer of its pause.
    var pause = TimerID.none
    /// The timer of its end, once it was stopped while it had a session.
    var stop = TimerID.none
    /// Whether this session was told to end because the user was stopped.
    var isCut = false
    /// From when its iteration counts: when it began or, of an arrival, when it was due.
    var iterationStartNanoseconds: Int64 = 0
    /// When the session of this iteration opened; nil while it has not.
    var openedNanoseconds: Int64?
    var isOpen = false
    /// Whether this iteration has had an error, expected or not.
    var hasErrors = false
    /// Whether the schedule wants it to run.
    var isWanted = false
    /// Whether it is one of the users that run: between its first iteration and the end of its last, pauses included.
    var isRunning = false
    var backoff = Backoff()
    /// The last one that was made for it.
    var request: ConnectRequest?
    /// What servers have set; kept over the user's iterations.
    var cookies = CookieJar()

    init(_ user: VirtualUser) { self.user = user }

    /// Whether an iteration of the user is under way. (Comparing with `==` would be a call through tables.)
    var isActive: Bool {
        if case .idle = user.phase { false } else { true }
    }

    /// Whether this is its connection. (Comparing an optional with `==` would be a call through tables.)
    @inline(__always)
    func isOn(_ other: ConnectionID) -> Bool {
        guard let connection else { return false }
        return connection == other
    }
}
