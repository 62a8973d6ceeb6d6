import WebSocketCodec

/// What a loop knows about one connection: one place in its ``ConnectionTable``.
///
/// Of 18,000 sessions that do nothing each is there, so what few of them have (TLS, a keepalive, an end) is behind a pointer,
/// which took it from 600 bytes to 360.
struct Connection: ~Copyable {
    /// How far a connection has come. It only ever moves downwards in this list.
    enum Phase: UInt8 {
        /// Waiting for the addresses of its host.
        case resolving
        /// Waiting for TCP.
        case connecting
        /// Waiting for a proxy's answer.
        case tunnelling
        /// Waiting for the TLS handshake.
        case securing
        /// Waiting for the other side's half of the opening handshake.
        case upgrading
        /// A client that was turned away, waiting for the rest of the answer's body.
        case rejected
        /// Messages go both ways.
        case open
        /// We have sent a Close frame and wait for the peer's.
        case closing
        /// Both Close frames were exchanged; waiting for the end of the TCP connection (RFC 6455 §7.1.1).
        case closed
        /// Reported as ended. What still arrives is thrown away, so that the peer gets to read our last bytes: closing a
        /// socket with unread input would reset it.
        case draining
        /// Waiting to be told to the client and given up.
        case ended
        /// A place in the table that is not in use.
        case vacant
    }

    /// Its name, which the events of its socket and its timer carry.
    var id = ConnectionID(slot: 0, generation: 0)
    var descriptor: Int32 = -1
    var phase: Phase
    let role: EndpointRole
    /// The opening handshake has succeeded.
    var wasOpened = false
    /// The client has heard of its end, or is not to hear of it.
    var isReported = false
    /// It is in the loop's list of connections with something to write.
    var isDirty = false
    /// The last write was cut short: nothing is written before the socket says that it has room again.
    var isBlocked = false
    /// What stands between the socket and everything else, where the URL wants it.
    var tls: Indirect<TLSSession>?
    /// What epoll watches the socket for.
    var interest: UInt32 = 0
    /// Why writing failed; 0 while it did not.
    var writeError: Int32 = 0
    /// The one timer of the present phase.
    var timer = TimerID.none
    /// The client's own word.
    var context: UInt64 = 0
    /// Where its bytes are counted.
    var account: UInt32 = 0
    var decoder: MessageDecoder
    /// Compresses what is sent; nil where the peers have not agreed to it.
    var deflater: MessageDeflater?
    /// Messages of fewer bytes are not compressed.
    var compressionThreshold = 0
    var output = ByteBuffer()
    let maximumQueuedBytes: Int
    let closeTimeoutNanoseconds: Int64
    /// Received and not decoded yet: the rest of what was more than one turn's work.
    var pendingInput = ByteBuffer()
    /// When that was received.
    var pendingSinceNanoseconds: Int64 = 0
    /// The client's pings that have no pong yet.
    var pings = PingLedger()
    /// nil before the connection is open, and where there is none to be.
    var keepalive: Indirect<KeepaliveState>?
    /// The payload of the last ping that could not be answered yet because the peer does not read.
    var owedPong: [UInt8]?
    /// What a client's connection needs until it is open; kept where it failed before.
    var opening: Opening?
    /// The same for a connection that a listener accepted.
    var accepting: Accepting?
    /// nil before the first Close frame, or whatever else ends it.
    private var knownEnd: Indirect<ConnectionEnd>?

    init(_ phase: Phase, role: EndpointRole, limits: ConnectRequest.Limits) {
        self.phase = phase
        self.role = role
        decoder = MessageDecoder(role: role, maximumMessageSize: limits.maximumMessageSize)
        maximumQueuedBytes = limits.maximumQueuedBytes
        closeTimeoutNanoseconds = limits.closeTimeoutNanoseconds
    }

    /// What is known about its end, from the first Close frame on.
    var end: ConnectionEnd {
        get {
            switch knownEnd {
            case .some(let known): known.value
            case nil: ConnectionEnd()
            }
        }
        set {
            if knownEnd == nil { knownEnd = Indirect(newValue) } else { knownEnd?.value = newValue }
        }
    }

    /// A pong of the keepalive is late, and what was there in time is still being read.
    var hasLatePong: Bool {
        switch keepalive {
        case .some(let keepalive): keepalive.value.unreadInTime > 0
        case nil: false
        }
    }
}
