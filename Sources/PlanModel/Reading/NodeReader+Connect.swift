import Diagnostics
import Expressions
import PlanSyntax
import WebSocketCodec

/// `connect` and `expect`.
extension NodeReader {
    static let connectKeys = KeySpace(
        owner: "'connect'",
        known: ["headers", "subprotocols", "max_message_size", "keepalive", "compression", "tls"],
        later: [
            "cookies", "origin", "proxy", "resolve", "local_addresses", "follow_redirects",
        ])
    private static let keepaliveKeys = KeySpace(
        owner: "'keepalive'", known: ["interval", "timeout"], needed: [NeededKey("interval", .duration)])
    static let expectKeys = KeySpace(
        owner: "'expect'", known: ["status", "close"],
        later: ["subprotocol", "headers", "within", "closed_by", "errors"])

    mutating func connect(_ node: PlanNode) -> Connect {
        let example = "connect:\n  headers:\n    Authorization: Bearer ${env.TOKEN}"
        guard let fields = fields(node, of: Self.connectKeys, example: example) else { return Connect() }
        return Connect(
            headers: fields["headers"].map { headers($0) } ?? [],
            subprotocols: fields["subprotocols"].map { subprotocols($0) } ?? [],
            maximumMessageSize: fields["max_message_size"].map { maximumMessageSize($0) },
            keepalive: fields["keepalive"].flatMap { keepalive($0) },
            compression: fields["compression"].flatMap { compression($0) },
            tls: fields.entry("tls").flatMap { tls($0) })
    }

    /// A message is assembled in memory before the plan sees it, whence the upper bound.
    private mutating func maximumMessageSize(_ node: PlanNode) -> Located<Int> {
        size(node, of: "'max_message_size'", "max_message_size: 1MiB", in: 1...1 << 30)
    }

    private mutating func keepalive(_ node: PlanNode) -> Connect.Keepalive? {
        let example = "keepalive:\n  interval: 20s\n  timeout: 10s"
        guard let fields = fields(node, of: Self.keepaliveKeys, example: example) else { return nil }
        let timeout = fields["timeout"].map { duration($0, of: "'timeout'", "timeout: 10s").value }
        guard let interval = fields["interval"] else {
            reportMissing("interval", of: "'keepalive'", fields, example: example)
            return nil
        }
        return Connect.Keepalive(
            intervalNanoseconds: duration(interval, of: "'interval'", "interval: 20s").value,
            writtenTimeoutNanoseconds: timeout)
    }

    private mutating func headers(_ node: PlanNode) -> [Connect.Header] {
        let example = "headers:\n  X-Room: lobby"
        return entries(node, of: "'headers'", Wanted("a mapping of names to text", example)).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            checkHeaderName(name)
            let value = template(entry.value, of: "a header", example)
            let known = rendered(value).map { [$0] } ?? value.literals
            if known.contains(where: { $0.utf8.contains(where: \.isHTTPControl) }) {
                report(
                    .invalidHeader, .controlInHeader(name.value), at: entry.value.span,
                    help: "a header's value stands on one line, without control characters")
            }
            return Connect.Header(name: name, value: value)
        }
    }

    /// Reports a name that is no token (RFC 9110 §5.1), or that of a header about which the handshake decides.
    private mutating func checkHeaderName(_ name: Located<String>) {
        guard isHTTPToken(name.value) else {
            report(
                .invalidHeader, .headerName(name.value), at: name.span,
                help: "a header name is letters, digits and !#$%&'*+-.^_`|~")
            return
        }
        guard HandshakeRequest.isReserved(headerName: name.value) else { return }
        report(
            .invalidHeader, .handshakeHeader(name.value), at: name.span,
            help: name.value.lowercased() == "sec-websocket-protocol"
                ? "subprotocols are named in 'connect.subprotocols'" : "leave it out")
    }

    private mutating func subprotocols(_ node: PlanNode) -> [ParsedTemplate] {
        let example = "subprotocols:\n  - chat.v2"
        guard let elements = node.sequence ?? listWithoutSpaces(node) else {
            reportWrongType(node, of: "'subprotocols'", Wanted("a list", example))
            return []
        }
        var offered: Set<String> = []
        return elements.map { element in
            let subprotocol = template(element, of: "a subprotocol", example)
            guard element.scalar != nil, !element.isNull else { return subprotocol }
            guard let text = rendered(subprotocol) else {
                // Of a template that is rendered later, what stands around its expressions has to fit.
                if let wrong = subprotocol.literals.first(where: { !isHTTPToken($0) }) {
                    report(
                        .invalidSubprotocol, .subprotocol(wrong), at: element.span,
                        help: "a subprotocol is letters, digits and !#$%&'*+-.^_`|~")
                }
                return subprotocol
            }
            if !isHTTPToken(text) {
                report(
                    .invalidSubprotocol, .subprotocol(text), at: element.span,
                    help: "a subprotocol is letters, digits and !#$%&'*+-.^_`|~")
            } else if !offered.insert(text).inserted {
                report(.invalidSubprotocol, .offeredTwice(text), at: element.span, help: "offer it once")
            }
            return subprotocol
        }
    }

    mutating func expect(_ node: PlanNode) -> Expect {
        guard let fields = fields(node, of: Self.expectKeys, example: "expect:\n  status: 101") else { return Expect() }
        var expect = Expect()
        if let node = fields["status"] {
            expect.statuses = (node.sequence ?? [node])
                .map { integer($0, of: "a status", "status: 101", in: 100...599) }
            if expect.statuses.isEmpty { reportEmpty(node, of: "'status'", example: "status: 101") }
        }
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
        return expect
    }

    mutating func reportEmpty(_ node: PlanNode, of name: String, example: String) {
        report(.wrongType, .empty(name), at: node.span, help: "for example:\n\(example)")
    }

    /// Whether a session can end with this code: one that a close frame may carry, 1005 for one without a code.
    private func canArrive(_ code: Int) -> Bool { code == CloseCode.noStatusReceived.rawValue || canBeSent(code) }

    /// Whether a close frame may carry this code.
    func canBeSent(_ code: Int) -> Bool {
        UInt16(exactly: code).map(CloseCode.init(rawValue:))?.isAllowedOnWire ?? false
    }

    static let closeCodeHelp = "codes of close frames are 1000 to 1003, 1007 to 1014 and 3000 to 4999"
}

extension Diagnostic.Message {
    fileprivate static func controlInHeader(_ name: String) -> Self {
        Self("the header '\(name)' holds a control character")
    }

    fileprivate static func headerName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a header") }

    fileprivate static func handshakeHeader(_ name: String) -> Self {
        Self("the handshake decides about the header '\(name)' itself")
    }

    fileprivate static func subprotocol(_ name: String) -> Self { Self("'\(name)' cannot be a subprotocol") }

    fileprivate static func offeredTwice(_ name: String) -> Self { Self("the subprotocol '\(name)' is offered twice") }

    fileprivate static func cannotArrive(_ code: Int) -> Self { Self("no peer can close with the code \(code)") }

    fileprivate static func empty(_ name: String) -> Self { Self("\(name) cannot be empty") }
}
