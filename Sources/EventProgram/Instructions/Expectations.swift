package import Diagnostics
package import Expressions

/// What every session has to meet.
package struct Expectations: Sendable {
    /// A part of the answer to the handshake that has to have a certain value.
    package struct Answer: Sendable {
        package enum Part: Hashable, Sendable {
            case subprotocol
            /// Lines that repeat a header count as one, their values joined with `, ` (RFC 9110 §5.3).
            case header(String)
        }

        package var part: Part
        /// Evaluated when the answer is there.
        package var value: Template
        /// The check that it is: an index of the check names.
        package var check: UInt32

        package init(_ part: Part, is value: Template, check: UInt32) {
            self.part = part
            self.value = value
            self.check = check
        }
    }

    /// How soon the session has to be open.
    package struct Opening: Hashable, Sendable {
        package var nanoseconds: Int64
        package var check: UInt32
        package var span: SourceSpan

        package init(withinNanoseconds nanoseconds: Int64, check: UInt32, span: SourceSpan) {
            self.nanoseconds = nanoseconds
            self.check = check
            self.span = span
        }
    }

    /// Who has to end the session.
    package struct Closing: Hashable, Sendable {
        package var initiators: [CloseFact.Initiator]
        package var check: UInt32
        package var span: SourceSpan

        package init(by initiators: [CloseFact.Initiator], check: UInt32, span: SourceSpan) {
            self.initiators = initiators
            self.check = check
            self.span = span
        }
    }

    /// HTTP statuses that are no error; 101 among them means that the session goes on.
    package var statuses: [Int]
    /// The check on the status, like `status is 101`: an index of the check names.
    package var statusCheck: UInt32
    /// Close codes that the peer may close with; 1005 stands for none (RFC 6455 §7.1.5).
    package var closeCodes: [UInt16]
    /// The check on the close code, where the plan asks for one.
    package var closeCheck: UInt32?
    /// Where the plan says what status it expects; its `url` where it does not.
    package var statusSpan: SourceSpan
    /// Where it says what close codes it expects; nil where it does not.
    package var closeSpan: SourceSpan?
    package var answers: [Answer]
    package var opening: Opening?
    package var closing: Closing?
    /// Kinds of errors that fail no session.
    package var errors: Set<ErrorKind>

    package init(
        statuses: [Int], statusCheck: UInt32, closeCodes: [UInt16], closeCheck: UInt32?, statusSpan: SourceSpan,
        closeSpan: SourceSpan?, answers: [Answer] = [], opening: Opening? = nil, closing: Closing? = nil,
        errors: Set<ErrorKind> = []
    ) {
        self.statuses = statuses
        self.statusCheck = statusCheck
        self.closeCodes = closeCodes
        self.closeCheck = closeCheck
        self.statusSpan = statusSpan
        self.closeSpan = closeSpan
        self.answers = answers
        self.opening = opening
        self.closing = closing
        self.errors = errors
    }

    /// Every check that a session is judged by: indices of the check names.
    package var checks: [UInt32] {
        [statusCheck] + [opening?.check, closeCheck, closing?.check].compactMap(\.self) + answers.map(\.check)
    }
}
