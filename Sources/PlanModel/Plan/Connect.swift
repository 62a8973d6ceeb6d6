package import Diagnostics
package import Expressions
package import WebSocketCodec

/// What a session asks for in its opening handshake, and the rules for its connection.
package struct Connect: Sendable {
    /// A header field of the author's own, to be sent or to be expected, evaluated for each session.
    package struct Header: Sendable {
        package var name: Located<String>
        package var value: ParsedTemplate

        package init(name: Located<String>, value: ParsedTemplate) {
            self.name = name
            self.value = value
        }
    }

    package var headers: [Header]
    /// Offered in this order (RFC 6455 §4.1, item 10).
    package var subprotocols: [ParsedTemplate]
    /// Bytes of payload of the largest message to take; nil where the plan does not say.
    package var maximumMessageSize: Located<Int>?
    package var keepalive: Keepalive?
    /// nil: none is proposed.
    package var compression: CompressionOffer?
    package var tls: TLS?
    /// The value of `Origin` (RFC 6454 §7).
    package var origin: ParsedTemplate?
    /// Sent in this order, before those that the server has set.
    package var cookies: [Cookie] = []
    /// So many answers that lead elsewhere are followed.
    package var redirectLimit = 0
    package var route = Route()

    /// How the connection is kept alive, and found dead.
    package struct Keepalive: Hashable, Sendable {
        /// From one ping to the next.
        package var intervalNanoseconds: Int64
        /// From a ping to its pong, as written; nil: it has until the next ping.
        package var writtenTimeoutNanoseconds: Int64?

        package init(intervalNanoseconds: Int64, writtenTimeoutNanoseconds: Int64? = nil) {
            self.intervalNanoseconds = intervalNanoseconds
            self.writtenTimeoutNanoseconds = writtenTimeoutNanoseconds
        }

        /// What holds, written or not.
        package var timeoutNanoseconds: Int64 { writtenTimeoutNanoseconds ?? intervalNanoseconds }
    }

    package init(
        headers: [Header] = [], subprotocols: [ParsedTemplate] = [], maximumMessageSize: Located<Int>? = nil,
        keepalive: Keepalive? = nil, compression: CompressionOffer? = nil, tls: TLS? = nil
    ) {
        self.headers = headers
        self.subprotocols = subprotocols
        self.maximumMessageSize = maximumMessageSize
        self.keepalive = keepalive
        self.compression = compression
        self.tls = tls
    }
}

/// How long a session waits for what, in nanoseconds.
package struct Timeouts: Hashable, Sendable {
    package var connectNanoseconds: Int64 = 10_000_000_000
    package var awaitNanoseconds: Int64 = 5_000_000_000
    package var closeNanoseconds: Int64 = 5_000_000_000
    /// Closes the session without a failure; nil lets it last.
    package var sessionNanoseconds: Int64?

    package init() {}
}
