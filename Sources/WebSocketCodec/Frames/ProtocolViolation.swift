/// The peer broke RFC 6455 or RFC 7692, or sent more than we take. The connection is to be failed with `closeCode`
/// (RFC 6455 §7.1.7).
package struct ProtocolViolation: Error, Hashable, Sendable {
    /// What went wrong, as a closed set; the raw value is the `error.kind` of a plan.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case framing = "protocol"
        case invalidUTF8 = "utf8"
        case tooBig = "too_big"
    }

    package let kind: Kind
    /// The code of the close frame that answers it (§7.4.1).
    package let closeCode: CloseCode
    /// What went wrong in words, for people: no more than a line, without a final full stop.
    package let reason: String

    // The one place where violations become close codes.
    static func framing(_ reason: String) -> Self { Self(kind: .framing, closeCode: .protocolError, reason: reason) }
    static func invalidUTF8(_ reason: String) -> Self {
        Self(kind: .invalidUTF8, closeCode: .invalidPayload, reason: reason)
    }
    static func tooBig(_ reason: String) -> Self { Self(kind: .tooBig, closeCode: .messageTooBig, reason: reason) }
    /// The frames are right and what they carry is not what they say it is: that is 1007, as other implementations have
    /// it; RFC 7692 names no code.
    static func invalidCompression(_ reason: String) -> Self {
        Self(kind: .framing, closeCode: .invalidPayload, reason: reason)
    }
}
