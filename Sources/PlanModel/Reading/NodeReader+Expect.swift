import Diagnostics
import Expressions
import PlanSyntax
import WebSocketCodec

/// `expect`.
extension NodeReader {
    static let expectKeys = KeySpace(
        owner: "'expect'", known: ["status", "subprotocol", "headers", "within", "close", "closed_by", "errors"])

    mutating func expect(_ node: PlanNode) -> Expect {
        guard let fields = fields(node, of: Self.expectKeys, example: "expect:\n  status: 101") else { return Expect() }
        var expect = Expect()
        if let node = fields["status"] {
            expect.statuses = (node.sequence ?? [node])
                .map { integer($0, of: "a status", "status: 101", in: 100...599) }
            if expect.statuses.isEmpty { reportEmpty(node, of: "'status'", example: "status: 101") }
        }
        expect.subprotocol = fields["subprotocol"].map { expectedSubprotocol($0) }
        expect.headers = fields["headers"].map { expectedHeaders($0) } ?? []
        expect.within = fields["within"].flatMap { knownDuration($0, of: "'within'", "within: 200ms") }
        if let node = fields["close"] {
            expect.closeCodes = (node.sequence ?? [node]).map { element in
                let code = integer(element, of: "a close code", "close: 1000", in: 1000...4999)
                if !canArrive(code.value) {
                    report(.invalidCloseCode, .cannotArrive(code.value), at: code.span, help: Self.closeCodeHelp)
                }
                return code
            }
            if expect.closeCodes.isEmpty { reportEmpty(node, of: "'close'", example: "close: 1000") }
        }
        if let node = fields["closed_by"] {
            let elements = node.sequence ?? [node]
            if elements.isEmpty { reportEmpty(node, of: "'closed_by'", example: "closed_by: plan") }
            expect.closers = elements.compactMap {
                choice($0, of: "'closed_by'", "closed_by: plan", as: CloseFact.Initiator.self)
            }
        }
        if let node = fields["errors"] {
            let elements = node.sequence ?? [node]
            if elements.isEmpty { reportEmpty(node, of: "'errors'", example: "errors: reset") }
            expect.errors = elements.compactMap { choice($0, of: "'errors'", "errors: reset", as: ErrorKind.self) }
        }
        return expect
    }

    private mutating func expectedSubprotocol(_ node: PlanNode) -> ParsedTemplate {
        let subprotocol = template(node, of: "'subprotocol'", "subprotocol: chat.v2")
        if node.scalar != nil, !node.isNull { checkSubprotocol(subprotocol, at: node.span) }
        return subprotocol
    }

    private mutating func expectedHeaders(_ node: PlanNode) -> [Connect.Header] {
        let example = "headers:\n  X-Server: blue"
        return entries(node, of: "'headers'", Wanted("a mapping of names to text", example)).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            checkHeaderToken(name)
            return Connect.Header(name: name, value: template(entry.value, of: "a header", example))
        }
    }

    /// Whether a session can end with this code: one that a close frame may carry, 1005 for one without a code.
    private func canArrive(_ code: Int) -> Bool { code == CloseCode.noStatusReceived.rawValue || canBeSent(code) }
}

extension Diagnostic.Message {
    fileprivate static func cannotArrive(_ code: Int) -> Self { Self("no peer can close with the code \(code)") }
}
