/// Why a connection is closed (RFC 6455 §7.4 and the IANA registry "WebSocket Close Code Number").
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normal = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    package static let unsupportedData = CloseCode(rawValue: 1003)
    /// The peer's close frame had no code. Never on the wire (§7.1.5).
    package static let noStatusReceived = CloseCode(rawValue: 1005)
    /// The connection ended without a close frame. Never on the wire.
    package static let abnormalClosure = CloseCode(rawValue: 1006)
    package static let invalidPayload = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let mandatoryExtension = CloseCode(rawValue: 1010)
    package static let internalError = CloseCode(rawValue: 1011)
    /// The TLS handshake failed. Never on the wire.
    package static let tlsHandshake = CloseCode(rawValue: 1015)

    /// Whether a close frame may carry this code: those that are registered and meant for the wire (1000–1003,
    /// 1007–1014), those of libraries (3000–3999) and of applications (4000–4999).
    package var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
