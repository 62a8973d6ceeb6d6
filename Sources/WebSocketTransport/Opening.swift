internal import WebSocketCodec

/// What a connection needs until it is open.
final class Opening {
    /// Our half of the opening handshake, and what has arrived of the other half.
    enum Handshake {
        case client(ConnectRequest, HandshakeKey, HandshakeResponseParser)
        case server(HandshakeRequestParser)
    }

    var handshake: Handshake
    var addresses: [SocketAddress] = []
    /// The one being tried.
    var addressIndex = 0
    let startedNanoseconds: Int64
    /// When the present step began.
    var stepStartedNanoseconds: Int64
    var timings = ConnectTimings()
    /// Why the connection failed, once it has.
    var failure: ConnectionError?
    /// The peer's complete answer, once there is one.
    var response: HandshakeResponse?

    init(_ handshake: Handshake, startedNanoseconds: Int64) {
        self.handshake = handshake
        self.startedNanoseconds = startedNanoseconds
        stepStartedNanoseconds = startedNanoseconds
    }
}
