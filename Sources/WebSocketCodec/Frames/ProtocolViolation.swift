/// The peer broke RFC 6455, or sent more than we take. The connection is to be failed with `closeCode` (§7.1.7).
package struct ProtocolViolation: Error, Hashable, Sendable {
    /// What went wrong, as a closed set; the raw value is the `error.kind` of a plan.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case framing = "protocol"
        case invalidUTF8 = "utf8"
        case tooBig = "too_big"
    }

    package let kind: Kind
    /// What went wrong in words, for people: no more than a line, without a final full stop.
    package let reason: String

    /// The code of the close frame that answers it (§7.4.1). The one place where violations become close codes.
    package var closeCode: CloseCode {
        switch kind {
        case .framing: .protocolError
        case .invalidUTF8: .invalidPayload
        case .tooBig: .messageTooBig
        }
    }

    static func framing(_ reason: String) -> Self { Self(kind: .framing, reason: reason) }
    static func invalidUTF8(_ reason: String) -> Self { Self(kind: .invalidUTF8, reason: reason) }
    static func tooBig(_ reason: String) -> Self { Self(kind: .tooBig, reason: reason) }
}
