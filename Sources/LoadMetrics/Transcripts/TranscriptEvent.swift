/// Something that happens in a run, for whoever watches it happen. A peer may have written any text in it.
package struct TranscriptEvent: Sendable {
    package enum Kind: Sendable {
        /// A connection is asked for: its address, without name and password.
        case connecting(to: String)
        /// It stands, and the request goes out. `peer` and `security` (of TLS; nil without) are in words; the request is all
        /// of it, lines with CR LF.
        case asked(peer: String, security: String?, request: [UInt8])
        case answered(FailureInstance.Answer, reasonPhrase: String)
        case frame(TranscriptFrame)
        case log(level: String, [UInt8])
        /// A sample of a check.
        case check(String, passed: Bool)
        case error(kind: String, String)
        /// A session is over. The code is 1005 for a Close frame without one, 1006 for none.
        case closed(code: Int, by: String)
    }

    /// Since the start of the run.
    package var sinceNanoseconds: Int64
    package var kind: Kind

    package init(_ kind: Kind, sinceNanoseconds: Int64) {
        self.kind = kind
        self.sinceNanoseconds = sinceNanoseconds
    }
}
