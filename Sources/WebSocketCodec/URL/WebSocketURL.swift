/// Where to connect (RFC 6455 §3): `ws://host:port/path?query`, `wss://…`, or `ws+unix:/path/of/socket:/path?query`.
///
/// Parsed strictly by RFC 3986: what a client would have to guess about is refused, with words for the author.
package struct WebSocketURL: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case ws
        case wss
        /// WebSocket without TLS over a Unix domain socket.
        case wsUnix = "ws+unix"
    }

    package let scheme: Scheme
    /// A name or address as it was written, an IPv6 address without its brackets. Empty for `ws+unix`.
    package let host: String
    /// As written, or the scheme's default (80, 443). 0 for `ws+unix`.
    package let port: UInt16
    /// What stands before the `@`, as it was written.
    package let userInfo: String?
    /// The target of the request: path and query as they were written; `/` where there is no path.
    package let target: String
    /// The file of the Unix domain socket, percent-decoded; only for `ws+unix`.
    package let socketPath: String?

    /// - Throws: the first thing that is wrong, and where.
    package init(_ text: String) throws(WebSocketURLError) {
        var parser = WebSocketURLParser(text)
        self = try parser.parse()
    }

    /// The scheme of a URL of which perhaps no more than the beginning is known.
    package static func scheme(of text: String) throws(WebSocketURLError) -> Scheme {
        var parser = WebSocketURLParser(text)
        return try parser.parseScheme()
    }

    init(
        scheme: Scheme, host: String = "", port: UInt16 = 0, userInfo: String? = nil, target: String,
        socketPath: String? = nil
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.userInfo = userInfo
        self.target = target
        self.socketPath = socketPath
    }

    /// The value of the request's `Host`: with the port where it is not the scheme's own (RFC 6455 §4.1).
    package var hostHeader: String {
        if scheme == .wsUnix { return "localhost" }
        let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == scheme.defaultPort ? host : "\(host):\(port)"
    }

    /// The value of an `Authorization` header for `userInfo` (RFC 7617).
    package var basicAuthorization: String? { userInfo.map { UserInfo(text: $0).basicAuthorization } }

    /// What no report should show of `userInfo`.
    package var secrets: [String] { userInfo.map { UserInfo(text: $0).secrets } ?? [] }
}

extension WebSocketURL.Scheme {
    var defaultPort: UInt16 {
        switch self {
        case .ws: 80
        case .wss: 443
        case .wsUnix: 0
        }
    }
}

/// What is wrong with the text of a URL, and which of its bytes.
package struct WebSocketURLError: Error, Hashable, Sendable {
    /// The offending part, as offsets into the text's UTF-8 bytes; empty where something is missing.
    package let range: Range<Int>
    /// What is wrong: one line, no final full stop.
    package let reason: String
    /// How to write it instead, where that can be said.
    package let help: String?

    /// The reason and the help on one line.
    package var inWords: String { help.map { "\(reason); \($0)" } ?? reason }
}

/// `%41` → `A`. Only for text in which every `%` has been judged.
func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
        if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex, let high = text[index + 1].hexDigitValue,
            let low = text[index + 2].hexDigitValue
        {
            bytes.append(high << 4 | low)
            index += 3
        } else {
            bytes.append(text[index])
            index += 1
        }
    }
    return bytes
}
