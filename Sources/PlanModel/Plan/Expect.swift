package import Diagnostics
package import Expressions
import Quantities

/// What a session has to meet. Each part of it is a check of its own, whose name says it in full.
package struct Expect: Sendable {
    /// The statuses that the handshake may be answered with, as written; empty where the plan does not say.
    package var statuses: [Located<Int>]
    /// The subprotocol that the server has to choose.
    package var subprotocol: ParsedTemplate?
    /// Headers of the answer to the handshake, and the values that they have to have.
    package var headers: [Connect.Header]
    /// How long it may take until the session is open, in nanoseconds.
    package var within: Located<Int64>?
    /// The codes that the peer may close with, as written; empty where the plan does not say.
    package var closeCodes: [Located<Int>]
    /// Who may end the session; empty where the plan does not say.
    package var closers: [Located<CloseFact.Initiator>]
    /// Kinds of errors that fail no session.
    package var errors: [Located<ErrorKind>]

    package init(
        statuses: [Located<Int>] = [], subprotocol: ParsedTemplate? = nil, headers: [Connect.Header] = [],
        within: Located<Int64>? = nil, closeCodes: [Located<Int>] = [], closers: [Located<CloseFact.Initiator>] = [],
        errors: [Located<ErrorKind>] = []
    ) {
        self.statuses = statuses
        self.subprotocol = subprotocol
        self.headers = headers
        self.within = within
        self.closeCodes = closeCodes
        self.closers = closers
        self.errors = errors
    }

    /// What holds, written or not: 101.
    package var acceptedStatuses: [Int] { statuses.isEmpty ? [101] : statuses.map(\.value) }
    /// What holds, written or not: 1000 (normal), 1001 (going away), 1005 (no code given).
    package var acceptedCloseCodes: [Int] { closeCodes.isEmpty ? [1000, 1001, 1005] : closeCodes.map(\.value) }

    /// The check that the answer to the handshake is.
    package var statusCheckName: String { "status is \(Self.alternatives(acceptedStatuses.map(String.init)))" }
    package var subprotocolCheckName: String? { subprotocol.map { "subprotocol is \($0.source.text)" } }
    package var withinCheckName: String? {
        within.map { "open within \(DurationText.text(ofNanoseconds: $0.value))" }
    }
    /// The check that the peer's close is, where the plan says with which codes.
    package var closeCheckName: String? {
        closeCodes.isEmpty ? nil : "close code is \(Self.alternatives(acceptedCloseCodes.map(String.init)))"
    }
    package var closerCheckName: String? {
        closers.isEmpty ? nil : "closed by \(Self.alternatives(closers.map(\.value.rawValue)))"
    }

    /// The checks that the plan's sessions are judged by, all of them.
    package var checkNames: [String] {
        [statusCheckName, subprotocolCheckName, withinCheckName, closeCheckName, closerCheckName].compactMap(\.self)
            + headers.map(\.checkName)
    }

    /// `101`, `101 or 403`, `101, 403 or 404`.
    private static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension Connect.Header {
    /// The check that an answer has it. With the value as the plan writes it: names are the same for all sessions.
    package var checkName: String { "header \(name.value) is \(value.source.text)" }
}
