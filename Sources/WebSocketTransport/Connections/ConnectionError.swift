import Glibc

/// Why a connection could not be opened, or ended badly. Counted in the report; never a diagnostic.
package struct ConnectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds that the transport can tell apart. The raw values are `error.kind` of the plan language (§6): a closed
    /// set, safe as a metric label.
    package enum Kind: String, CaseIterable, Sendable {
        /// The name has no address, or could not be looked up.
        case dns
        /// Nobody listens at the address.
        case refused
        /// No route to the address.
        case unreachable
        /// Not open within the connect timeout, or no pong within that of the keepalive.
        case timeout
        /// The peer, or the network, cut the connection off.
        case reset
        /// TLS is asked for and cannot be had.
        case tls
        /// A complete HTTP answer other than 101.
        case httpStatus = "http_status"
        /// An answer that is no valid end of a WebSocket handshake (RFC 6455 §4.1), or none at all.
        case handshake
        /// The peer broke the framing rules (close code 1002).
        case `protocol`
        /// A text message or close reason that is not UTF-8 (1007).
        case utf8
        /// A message beyond the size agreed to (1009).
        case tooBig = "too_big"
        /// The connection ended without a Close frame (1006).
        case abnormalClosure = "abnormal_closure"
        /// The peer did not answer our Close frame in time.
        case closeTimeout = "close_timeout"
        /// The peer takes what we send too slowly: the send queue is full.
        case backpressure
        /// This machine cannot take part: it has no descriptor, no memory or no free port left.
        case generator
    }

    package var kind: Kind
    /// What happened, in words for people only.
    package var detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// The error of a failed `connect`, `recv` or `send`.
    init(errno code: Int32, whileDoing action: String) {
        let kind: Kind
        switch code {
        case ECONNREFUSED: kind = .refused
        case ECONNRESET, EPIPE, ECONNABORTED: kind = .reset
        case ETIMEDOUT: kind = .timeout
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EADDRNOTAVAIL: kind = .generator
        default: kind = .unreachable
        }
        self.init(kind, "\(action): \(errorText(code))")
    }

    package var description: String { "\(kind.rawValue): \(detail)" }
}
