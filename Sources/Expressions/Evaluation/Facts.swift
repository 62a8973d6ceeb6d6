/// The message that expressions see as `message`.
package enum MessageFact {
    case none
    /// Bytes of the receive buffer, valid while one stimulus is worked on.
    case borrowed(UnsafeRawBufferPointer, binary: Bool)
    /// Bytes that outlive it: a message of the inbox, or of a task that parks.
    case owned([UInt8], binary: Bool)
}

/// What is the same for a whole scenario of a run: `run.id`, `scenario`, `server.url`, `env`.
package final class RunFacts: Sendable {
    package let runID: String
    package let scenario: String
    /// The embedded server's address; nil without one.
    package let serverURL: String?
    /// The values of `env`, at the indices that `Scope.environment` gives their names.
    package let environment: [Value]
    /// What is not to be seen in explanations and logs.
    package let secrets: SecretMask

    package init(
        runID: String = "", scenario: String = "", serverURL: String? = nil, environment: [Value] = [],
        secrets: SecretMask = .none
    ) {
        self.runID = runID
        self.scenario = scenario
        self.serverURL = serverURL
        self.environment = environment
        self.secrets = secrets
    }
}

/// The answer to the opening handshake: `response`.
package final class ResponseFact: Sendable {
    package let status: Int64
    /// In the order received; names as the server wrote them.
    package let headers: [(name: String, value: String)]
    /// Empty where the server chose none.
    package let subprotocol: String
    /// What came with an answer that opened no session, as far as it was kept.
    package let body: [UInt8]
    /// `response.headers`: names in lower case, of repeated ones the values joined with `, ` (RFC 9110 §5.3).
    let headerMap: ValueMap

    package init(status: Int64, headers: [(name: String, value: String)], subprotocol: String, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.subprotocol = subprotocol
        self.body = body
        var joined: [(key: String, value: String)] = []
        for (name, value) in headers {
            let key = name.lowercased()
            if let known = joined.firstIndex(where: { $0.key == key }) {
                joined[known].value += ", " + value
            } else {
                joined.append((key, value))
            }
        }
        headerMap = ValueMap(joined.map { ($0.key, .string($0.value)) })
    }

    /// The value of a header, however its name is written; nil where there is none.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// What went wrong: `error`.
package struct ErrorFact: Hashable, Sendable {
    package var kind: ErrorKind
    /// For people; may hold the peer's own words.
    package var message: String

    package init(kind: ErrorKind, message: String) {
        self.kind = kind
        self.message = message
    }
}

/// How the session ended: `close`.
package struct CloseFact: Hashable, Sendable {
    /// Who ended it.
    package enum Initiator: String, CaseIterable, Sendable {
        case plan
        case peer
        case timeout
        case loadEnd = "load_end"
        case error
    }

    /// RFC 6455 §7.4; 1005 where the close frame had none, 1006 where there was no close frame.
    package var code: Int64
    package var reason: String
    package var by: Initiator

    package init(code: Int64, reason: String, by: Initiator) {
        self.code = code
        self.reason = reason
        self.by = by
    }
}
