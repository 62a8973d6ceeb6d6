import WebSocketCodec

/// What a client's connection needs until it is open.
final class Opening {
    /// A socket on its way to one of the addresses.
    struct Attempt {
        var descriptor: Int32
        var addressIndex: Int
    }

    let request: ConnectRequest
    let key: HandshakeKey
    var parser = HandshakeResponseParser()

    /// Where to connect to, in the order of trying.
    var addresses: [SocketAddress] = []
    /// The one that answered; before that, the one tried last.
    var addressIndex = 0
    /// The one to be tried next.
    var nextAddressIndex = 0
    /// Those that have not answered yet.
    var attempts: [Attempt] = []
    /// Whether the connection's timer is to begin with the next address, not to give up.
    var hasAttemptTimer = false
    /// Which of the addresses of this machine is used.
    let localTurn: Int
    /// When the first request was made that this one follows from.
    let startedNanoseconds: Int64
    /// When the present step began.
    var stepStartedNanoseconds: Int64
    var timings = ConnectTimings()
    /// Why the connection failed, once it has; before that, why the last address did.
    var failure: ConnectionError?
    /// The peer's complete answer, once there is one.
    var response: HandshakeResponse?

    init(_ request: ConnectRequest, key: HandshakeKey, startedNanoseconds: Int64?) {
        self.request = request
        self.key = key
        let now = MonotonicClock.nowNanoseconds
        self.startedNanoseconds = startedNanoseconds ?? now
        stepStartedNanoseconds = now
        localTurn = request.route.localAddresses?.takeTurn() ?? 0
    }

    /// Where the connection goes, or is to go.
    var address: SocketAddress { addresses[addressIndex] }

    /// What people read of an address: whether a proxy is there.
    func name(of address: SocketAddress) -> String {
        request.tunnelProxy == nil ? "\(address)" : "the proxy \(address)"
    }

    /// Whom the connection is to, for people: `example.com at 192.0.2.1:443`.
    var peer: String {
        "\(request.url.host) \(request.tunnelProxy == nil ? "at" : "through") \(name(of: address))"
    }

    /// When the connect timeout is over.
    var deadlineNanoseconds: Int64 {
        startedNanoseconds.addingSaturated(request.limits.connectTimeoutNanoseconds)
    }
}
