import WebSocketCodec

/// What a client's connection needs until it is open.
final class Opening {
    let request: ConnectRequest
    let key = HandshakeKey.random()
    var parser = HandshakeResponseParser()
    /// Where to connect to, in the order of trying.
    var addresses: [SocketAddress] = []
    /// The one being tried.
    var addressIndex = 0
    let startedNanoseconds: Int64
    /// When the present step began.
    var stepStartedNanoseconds: Int64
    var timings = ConnectTimings()
    /// Why the connection failed, once it has; before that, why the last address did.
    var failure: ConnectionError?
    /// The peer's complete answer, once there is one.
    var response: HandshakeResponse?

    init(_ request: ConnectRequest, startedNanoseconds: Int64) {
        self.request = request
        self.startedNanoseconds = startedNanoseconds
        stepStartedNanoseconds = startedNanoseconds
    }

    /// Where the connection goes, or is to go.
    var address: SocketAddress { addresses[addressIndex] }

    /// When the connect timeout is over.
    var deadlineNanoseconds: Int64 {
        startedNanoseconds.addingSaturated(request.limits.connectTimeoutNanoseconds)
    }
}

/// What a connection that a listener accepted needs until it is open.
final class Accepting {
    var parser = HandshakeRequestParser()
}

extension Int64 {
    /// The sum, or the largest number there is: a timeout of "never" is no overflow.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
