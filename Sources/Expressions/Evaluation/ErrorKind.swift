/// The closed set of `error.kind`: safe as a metric label, and what `expect.errors` may name.
package enum ErrorKind: String, CaseIterable, Sendable {
    case dns
    case refused
    case unreachable
    case timeout
    case reset
    case tls
    case httpStatus = "http_status"
    case handshake
    case `protocol`
    case utf8
    case tooBig = "too_big"
    case abnormalClosure = "abnormal_closure"
    case closeTimeout = "close_timeout"
    case closeCode = "close_code"
    case closeSent = "close_sent"
    case backpressure
    case expression
    case generator
}
