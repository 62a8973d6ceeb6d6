/// A value that the run provides: `vu.id`, `message.text`. Names and places are those of the plan language, section 4.
package enum Fact: String, CaseIterable, Sendable {
    case vuID = "vu.id"
    case vuIteration = "vu.iteration"
    case runIteration = "run.iteration"
    case runID = "run.id"
    case scenario
    case serverURL = "server.url"
    case responseStatus = "response.status"
    case responseHeaders = "response.headers"
    case responseSubprotocol = "response.subprotocol"
    case responseBody = "response.body"
    case messageData = "message.data"
    case messageText = "message.text"
    case messageBytes = "message.bytes"
    case messageJSON = "message.json"
    case messageSize = "message.size"
    case messageBinary = "message.binary"
    case errorKind = "error.kind"
    case errorMessage = "error.message"
    case closeCode = "close.code"
    case closeReason = "close.reason"
    case closeBy = "close.by"

    var types: ValueTypes {
        switch self {
        case .vuID, .vuIteration, .runIteration, .responseStatus, .messageSize, .closeCode: .int
        case .runID, .scenario, .serverURL, .responseSubprotocol, .responseBody, .messageText, .errorKind,
            .errorMessage, .closeReason, .closeBy:
            .string
        case .responseHeaders: .map
        case .messageData: [.string, .bytes]
        case .messageBytes: .bytes
        case .messageJSON: .json
        case .messageBinary: .bool
        }
    }

    /// The same, and what is in it.
    var type: StaticType {
        switch self {
        case .responseHeaders: .map(keys: .string, values: StaticType(.string))
        case .messageJSON: .json
        default: StaticType(types)
        }
    }

    /// The set that it is one of.
    var set: FactSet {
        let name = rawValue.prefix { $0 != "." }
        return FactRoot(rawValue: String(name))?.requirement ?? []
    }
}

/// The first part of a fact's name, and where the plan has it.
enum FactRoot: String, CaseIterable, Sendable {
    case vu
    case run
    case scenario
    case env
    case data
    case server
    case response
    case message
    case error
    case close

    /// What has to exist.
    var requirement: FactSet {
        switch self {
        case .vu: .vu
        case .run: .run
        case .scenario: .scenario
        case .env: .env
        case .data: .data
        case .server: .server
        case .response: .response
        case .message: .message
        case .error: .error
        case .close: .close
        }
    }

    /// Where it exists, to end a sentence with.
    var whereabouts: String {
        switch self {
        case .vu, .run, .scenario, .data: "where a virtual user runs: in steps, vars, url and connect"
        case .env: "where templates are allowed"
        case .server: "in plans with 'serve'"
        case .response: "once the server has answered the handshake: in handlers"
        case .message: "in on_message, and after 'await'"
        case .error: "in on_error"
        case .close: "in on_close"
        }
    }

    /// The names that can be selected from it, where the language and not the plan says so.
    var fields: [String] {
        Fact.allCases.compactMap { fact in
            let parts = fact.rawValue.split(separator: ".")
            return parts.count == 2 && parts[0] == rawValue ? String(parts[1]) : nil
        }
    }
}
