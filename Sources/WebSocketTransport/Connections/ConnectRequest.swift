package import WebSocketCodec

/// What to connect to, and how: made once, shared by all connections that are opened alike.
package final class ConnectRequest: Sendable {
    /// The limits of one connection.
    package struct Limits: Hashable, Sendable {
        /// From the lookup of the name to the complete answer.
        package var connectTimeoutNanoseconds: Int64 = 10_000_000_000
        /// From our Close frame to the peer's.
        package var closeTimeoutNanoseconds: Int64 = 5_000_000_000
        /// Bytes of payload of the largest message to take.
        package var maximumMessageSize = MessageDecoder.defaultMaximumMessageSize
        /// Bytes that may wait for a peer that reads too slowly; beyond them the connection fails with `backpressure`.
        package var maximumQueuedBytes = 16 << 20
        /// Whether, and how often, the peer is asked for a sign of life.
        package var keepalive: Keepalive?

        package init() {}
    }

    package let url: WebSocketURL
    package let limits: Limits
    /// What is proposed about compression; nil for nothing.
    package let compression: CompressionOffer?
    let handshake: HandshakeRequest
    /// How TLS is spoken with a `wss` URL, which needs it.
    let tls: TLSContext?
    let route: ConnectRoute
    /// Where to connect to, in the order of trying, where that is known without a lookup; empty where it is not.
    let addresses: [SocketAddress]

    /// - Parameters:
    ///   - headers: fields beyond those of the handshake itself, in the order in which they are sent. A name and password
    ///     in the URL become an `Authorization` unless there is one.
    ///   - subprotocols: offered in this order.
    ///   - compression: offered; messages are compressed where the server accepts it.
    ///   - route: the way to the URL's host.
    /// - Throws: where a header or subprotocol cannot be sent.
    package init(
        url: WebSocketURL, headers: [HTTPHeaderField] = [], subprotocols: [String] = [], limits: Limits = Limits(),
        compression: CompressionOffer? = nil, tls: TLSContext? = nil, route: ConnectRoute = ConnectRoute()
    ) throws(HandshakeError) {
        self.url = url
        self.limits = limits
        self.compression = compression
        self.tls = tls
        self.route = route
        addresses = route.addresses(of: url)
        var headers = headers
        if let authorization = url.basicAuthorization,
            HTTPHeaders(headers)["Authorization"] == nil
        {
            headers.append(HTTPHeaderField(name: "Authorization", value: authorization))
        }
        handshake = try HandshakeRequest(
            target: url.target, host: url.hostHeader, headers: headers, subprotocols: subprotocols,
            compression: compression)
    }
}
