import Diagnostics
import Expressions
import PlanSyntax
import WebSocketCodec

/// `connect`.
extension NodeReader {
    static let connectKeys = KeySpace(
        owner: "'connect'",
        known: [
            "headers", "subprotocols", "cookies", "origin", "compression", "tls", "proxy", "resolve", "local_addresses",
            "max_message_size", "follow_redirects", "keepalive",
        ])
    private static let keepaliveKeys = KeySpace(
        owner: "'keepalive'", known: ["interval", "timeout"], needed: [NeededKey("interval", .duration)])

    mutating func connect(_ node: PlanNode) -> Connect {
        let example = "connect:\n  headers:\n    Authorization: Bearer ${env.TOKEN}"
        guard let fields = fields(node, of: Self.connectKeys, example: example) else { return Connect() }
        var connect = Connect(
            headers: fields["headers"].map { headers($0) } ?? [],
            subprotocols: fields["subprotocols"].map { subprotocols($0) } ?? [],
            maximumMessageSize: fields["max_message_size"].map { maximumMessageSize($0) },
            keepalive: fields["keepalive"].flatMap { keepalive($0) },
            compression: fields["compression"].flatMap { compression($0) },
            tls: fields.entry("tls").flatMap { tls($0) })
        connect.origin = fields["origin"].map { origin($0) }
        connect.cookies = fields["cookies"].map { cookies($0) } ?? []
        connect.redirectLimit = fields["follow_redirects"].map { redirectLimit($0) } ?? 0
        connect.route = route(fields)
        checkHeadersOfOtherKeys(connect.headers, fields)
        return connect
    }

    /// A server has no reason to lead anybody farther than that.
    private mutating func redirectLimit(_ node: PlanNode) -> Int {
        integer(node, of: "'follow_redirects'", "follow_redirects: 5", in: 0...50).value
    }

    /// Reports headers that another key has as well.
    private mutating func checkHeadersOfOtherKeys(_ headers: [Connect.Header], _ fields: Fields) {
        for (name, key) in [("origin", "origin"), ("cookie", "cookies")] {
            guard let entry = fields.entry(key),
                let header = headers.first(where: { $0.name.value.lowercased() == name })
            else { continue }
            reportConflict(entry.key, LocatedText(header.name.value, at: header.name.span))
        }
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
        var singles: [String: LocatedText] = [:]
        return entries(node, of: "'headers'", Wanted("a mapping of names to text", example)).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            checkHeaderName(name)
            let lowercased = name.value.lowercased()
            if let other = singles[lowercased] { reportConflict(other, entry.key) }
            if Self.singleHeaders.contains(lowercased) { singles[lowercased] = entry.key }
            let value = template(entry.value, of: "a header", example)
            checkHeaderValue(value, of: name.value, at: entry.value)
            return Connect.Header(name: name, value: value)
        }
    }

    /// Headers that a request has once, however their names are written (RFC 9110 §5.3, RFC 6265 §5.4).
    private static let singleHeaders: Set = ["host", "origin", "cookie", "authorization"]

    /// Reports a value that cannot be sent, as far as it is known.
    private mutating func checkHeaderValue(_ value: ParsedTemplate, of name: String, at node: PlanNode) {
        // What is no text, or no template, is reported as such.
        guard let scalar = node.scalar, !node.isNull, scalar.text.text == value.source.text else { return }
        let text = rendered(value)
        let count = findings.count
        if (text.map { [$0] } ?? value.literals).contains(where: { holdsHTTPControl($0) }) {
            report(
                .invalidHeader, .controlInHeader(name), at: node.span,
                help: "a header's value stands on one line, without control characters")
        } else if let text, name.lowercased() == "host", !HandshakeRequest.isHost(text) {
            report(
                .invalidHeader, .hostValue, at: node.span,
                help: "it is a host and perhaps a port, for example example.com:8080")
        }
        if let text, text != value.source.text { tellRendered(text, since: count) }
    }

    /// Reports a name that is no token (RFC 9110 §5.1). False for such a one.
    @discardableResult
    mutating func checkHeaderToken(_ name: Located<String>) -> Bool {
        if isHTTPToken(name.value) { return true }
        report(
            .invalidHeader, .headerName(name.value), at: name.span,
            help: "a header name is letters, digits and !#$%&'*+-.^_`|~")
        return false
    }

    /// Reports a name that no header can have, or that of a header about which the handshake decides.
    private mutating func checkHeaderName(_ name: Located<String>) {
        guard checkHeaderToken(name), HandshakeRequest.isReserved(headerName: name.value) else { return }
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
            if let text = checkSubprotocol(subprotocol, at: element.span), !offered.insert(text).inserted {
                report(.invalidSubprotocol, .offeredTwice(text), at: element.span, help: "offer it once")
            }
            return subprotocol
        }
    }

    /// Reports what cannot be a subprotocol, as far as that is known. Gives the name that it is, where that is known.
    @discardableResult
    mutating func checkSubprotocol(_ subprotocol: ParsedTemplate, at span: SourceSpan) -> String? {
        let text = rendered(subprotocol)
        // Of a template that is rendered later, what stands around its expressions has to fit.
        guard let wrong = (text.map { [$0] } ?? subprotocol.literals).first(where: { !isHTTPToken($0) }) else {
            return text
        }
        let count = findings.count
        report(
            .invalidSubprotocol, .subprotocol(wrong), at: span,
            help: "a subprotocol is letters, digits and !#$%&'*+-.^_`|~")
        if let text, text != subprotocol.source.text { tellRendered(text, since: count) }
        return nil
    }

    mutating func reportEmpty(_ node: PlanNode, of name: String, example: String) {
        report(.wrongType, .empty(name), at: node.span, help: "for example:\n\(example)")
    }

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

    fileprivate static var hostValue: Self { Self("this cannot be the value of the header 'Host'") }

    fileprivate static func headerName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a header") }

    fileprivate static func handshakeHeader(_ name: String) -> Self {
        Self("the handshake decides about the header '\(name)' itself")
    }

    fileprivate static func subprotocol(_ name: String) -> Self { Self("'\(name)' cannot be a subprotocol") }

    fileprivate static func offeredTwice(_ name: String) -> Self { Self("the subprotocol '\(name)' is offered twice") }

    fileprivate static func empty(_ name: String) -> Self { Self("\(name) cannot be empty") }
}
