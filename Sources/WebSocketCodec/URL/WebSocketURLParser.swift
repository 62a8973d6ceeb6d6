import Glibc

/// Takes the text of a `WebSocketURL` apart, from left to right (RFC 3986 §3).
struct WebSocketURLParser {
    private let text: [UInt8]
    private var position = 0

    private static let example = "for example ws://127.0.0.1:9001/"

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    mutating func parse() throws(WebSocketURLError) -> WebSocketURL {
        try judgeCharacters()
        let scheme = try parseScheme()
        return scheme == .wsUnix ? try parseUnix() : try parseAuthority(scheme)
    }

    // MARK: Characters

    /// Quotes that an editor or a messenger puts around an address.
    private static let quotes = ["\"", "'", "`", "‘", "’", "‚", "“", "”", "„", "«", "»", "‹", "›", "<", ">"]

    private func judgeCharacters() throws(WebSocketURLError) {
        for (offset, byte) in text.enumerated() {
            switch byte {
            case 0x20:
                let isAtEnd = text[..<offset].allSatisfy { $0 == 0x20 } || text[offset...].allSatisfy { $0 == 0x20 }
                throw error(
                    offset..<offset + 1, "a space in the address", help: isAtEnd ? "leave it out" : "write it as %20")
            case 0x00..<0x20, 0x7F:
                throw error(offset..<offset + 1, "a control character in the address", help: "leave it out")
            case UInt8(ascii: "#"):
                throw error(
                    offset..<text.count, "the address of a WebSocket has no fragment",
                    help: "write a '#' that belongs to the path or the query as %23")
            default: break
            }
        }
    }

    /// Path, query and user information are ASCII without a few characters; the rest is percent-encoded.
    private func judgeEncoding(_ range: Range<Int>) throws(WebSocketURLError) {
        for offset in range {
            switch text[offset] {
            case UInt8(ascii: "%"):
                guard offset + 2 < range.upperBound, text[offset + 1].hexDigitValue != nil,
                    text[offset + 2].hexDigitValue != nil
                else {
                    throw error(
                        offset..<offset + 1, "'%' without two hexadecimal digits in the address",
                        help: "write '%' itself as %25")
                }
            case 0x80...:
                let end = text[offset..<range.upperBound].firstIndex { $0 < 0x80 } ?? range.upperBound
                throw error(
                    offset..<end, "a character beyond ASCII in the address",
                    help: isQuote(offset..<end) ? "leave the quotes out" : "write its bytes in UTF-8 as %XX")
            case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
                UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                let character = UnicodeScalar(text[offset])
                throw error(
                    offset..<offset + 1, "'\(character)' in the address",
                    help: "write it as %\(String(character.value, radix: 16, uppercase: true))")
            default: break
            }
        }
    }

    // MARK: Scheme

    mutating func parseScheme() throws(WebSocketURLError) -> WebSocketURL.Scheme {
        guard !text.isEmpty else { throw error(0..<0, "the address is empty", help: Self.example) }
        let end = text.firstIndex { !$0.isASCIILetter && !$0.isASCIIDigit && !"+-.".utf8.contains($0) } ?? text.count
        guard end > 0, end < text.count, text[end] == UInt8(ascii: ":"), text[0].isASCIILetter else {
            throw withoutScheme
        }
        position = end + 1
        let name = String(decoding: text[..<end].map(\.asciiLowercased), as: UTF8.self)
        if let scheme = WebSocketURL.Scheme(rawValue: name) {
            guard scheme == .wsUnix || starts(with: "//") else {
                let rest = (position..<text.count).first { !"/\\".utf8.contains(text[$0]) } ?? text.count
                throw error(
                    position..<position, "'//' is missing after '\(name):'",
                    help: proposal("\(name)://" + string(rest..<text.count)))
            }
            return scheme
        }
        let help: String
        switch name {
        case "http": help = proposal("ws" + string(end..<text.count))
        case "https": help = proposal("wss" + string(end..<text.count))
        default:
            // In `example.com:80/x` what looks like a scheme is a host.
            guard starts(with: "//") else { throw withoutScheme }
            help = proposal("ws" + string(end..<text.count))
        }
        throw error(0..<end, "'\(name)' is not the scheme of a WebSocket", help: help)
    }

    private var withoutScheme: WebSocketURLError {
        if let quote = Self.quotes.first(where: { text.starts(with: $0.utf8) }) {
            let start = quote.utf8.count
            let closing = Self.quotes.first { text[start...].reversed().starts(with: $0.utf8.reversed()) }
            let inner = start..<text.count - (closing?.utf8.count ?? 0)
            let isShown = !inner.isEmpty && text[start].isASCIILetter && isAddress(string(inner))
            return error(
                0..<start, "'\(quote)' in the address",
                help: "leave the quotes out" + (isShown ? ": \(string(inner))" : ""))
        }
        // `ws//host` lacks a colon; a name before the slashes that has a dot is a host.
        let name = text.prefix { $0.isASCIILetter }
        if !name.isEmpty, text[name.endIndex...].starts(with: "//".utf8) {
            let scheme = ["wss", "https"].contains(string(0..<name.endIndex)) ? "wss:" : "ws:"
            return error(
                0..<text.count, "the address has no scheme",
                help: proposal(scheme + string(name.endIndex..<text.count)))
        }
        let rest = starts(with: "//") ? 2..<text.count : 0..<text.count
        return error(0..<text.count, "the address has no scheme", help: proposal("ws://" + string(rest)))
    }

    /// What the author probably meant, where that is an address, or the beginning of one that goes on with a template.
    private func proposal(_ text: String) -> String {
        isAddress(text) || isAddress(text + "h") ? "did you mean '\(text)'?" : Self.example
    }

    private func isAddress(_ text: String) -> Bool {
        var parser = WebSocketURLParser(text)
        return (try? parser.parse()) != nil
    }

    // MARK: ws and wss

    private mutating func parseAuthority(_ scheme: WebSocketURL.Scheme) throws(WebSocketURLError) -> WebSocketURL {
        let start = position + 2
        let end = index(of: "/?", in: start..<text.count) ?? text.count
        var hostStart = start
        var userInfo: String?
        if let at = text[start..<end].lastIndex(of: UInt8(ascii: "@")) {
            try judgeUserInfo(start..<at)
            // An empty one names nobody.
            userInfo = start < at ? string(start..<at) : nil
            hostStart = at + 1
        }

        let host: String
        var portStart = end
        if hostStart < end, text[hostStart] == UInt8(ascii: "[") {
            guard let close = text[hostStart..<end].firstIndex(of: UInt8(ascii: "]")) else {
                throw error(
                    hostStart..<end, "']' is missing after the IPv6 address", help: "for example ws://[::1]:9001/")
            }
            host = try parseIPv6(hostStart + 1..<close)
            portStart = close + 1
            guard portStart == end || text[portStart] == UInt8(ascii: ":") else {
                throw error(
                    portStart..<end, "only a port can follow the host",
                    help: "a port begins with ':', a path with '/'")
            }
        } else {
            let colons = (hostStart..<end).filter { text[$0] == UInt8(ascii: ":") }
            guard colons.count <= 1 else {
                throw error(
                    hostStart..<end, "more than one ':' behind the scheme",
                    help: "an IPv6 address stands in brackets, as in [::1]:80")
            }
            portStart = colons.first ?? end
            host = try parseName(hostStart..<portStart)
        }
        let port = portStart < end ? try parsePort(portStart + 1..<end) : nil
        return WebSocketURL(
            scheme: scheme, host: host, port: port ?? scheme.defaultPort, userInfo: userInfo,
            target: try parseTarget(from: end))
    }

    /// Refuses what Basic authorization cannot say (RFC 7617 §2): control characters, and a colon in the name.
    private func judgeUserInfo(_ range: Range<Int>) throws(WebSocketURLError) {
        try judgeEncoding(range)
        if let inner = text[range].firstIndex(of: UInt8(ascii: "@")) {
            throw error(inner..<inner + 1, "'@' in the user information", help: "write it as %40")
        }
        let nameEnd = text[range].firstIndex(of: UInt8(ascii: ":")) ?? range.upperBound
        for offset in range where text[offset] == UInt8(ascii: "%") {
            let escape = offset..<offset + 3
            switch percentDecoded(text[escape])[0] {
            case 0x00..<0x20, 0x7F:
                throw error(
                    escape, "a control character in the user information",
                    help: "a name or password with one cannot be sent")
            case UInt8(ascii: ":") where offset < nameEnd:
                throw error(
                    escape, "a ':' in the name of the user", help: "a name with one cannot be sent, a password can")
            default: break
            }
        }
    }

    private func parseIPv6(_ range: Range<Int>) throws(WebSocketURLError) -> String {
        let address = string(range)
        var parsed = in6_addr()
        guard inet_pton(AF_INET6, address, &parsed) == 1 else {
            throw error(
                range,
                address.utf8.contains(UInt8(ascii: "%"))
                    ? "an IPv6 address with a zone is not supported" : "'\(address)' is not an IPv6 address",
                help: "for example ws://[::1]:9001/")
        }
        return address
    }

    private func parseName(_ range: Range<Int>) throws(WebSocketURLError) -> String {
        guard !range.isEmpty else { throw error(range, "the address has no host", help: Self.example) }
        if let offset = range.first(where: { text[$0] >= 0x80 }) {
            let end = range[offset...].first { text[$0] < 0x80 } ?? range.upperBound
            throw error(
                offset..<end, "a character beyond ASCII in the host",
                help: isQuote(offset..<end) ? "leave the quotes out" : "write the host in its 'xn--' form")
        }
        if let offset = range.first(where: { !isHostCharacter(text[$0]) }) {
            throw error(
                offset..<offset + 1, "'\(UnicodeScalar(text[offset]))' cannot be part of a host name",
                help: "a host name is letters, digits, '-', '.' and '_'")
        }
        // To OpenSSL it would mean any name that ends so.
        guard text[range.lowerBound] != UInt8(ascii: ".") else {
            let dot = range.lowerBound..<range.lowerBound + 1
            throw error(dot, "a host name cannot begin with '.'", help: Self.example)
        }
        guard range.count <= 253 else {
            throw error(range, "a host name has at most 253 characters", help: "use a shorter name or an address")
        }
        return string(range)
    }

    /// Letters, digits, `-` and `.` (RFC 1123 §2.1), and the `_` of many private networks.
    private func isHostCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || "-._".utf8.contains(byte)
    }

    /// `nil` for an empty port, which RFC 3986 §3.2.3 takes for the default.
    private func parsePort(_ range: Range<Int>) throws(WebSocketURLError) -> UInt16? {
        guard !range.isEmpty else { return nil }
        guard text[range].allSatisfy(\.isASCIIDigit), let port = UInt16(string(range)), port > 0 else {
            throw error(range, "'\(string(range))' is not a port", help: "a port is a number from 1 to 65535")
        }
        return port
    }

    private func parseTarget(from start: Int) throws(WebSocketURLError) -> String {
        try judgeEncoding(start..<text.count)
        let target = string(start..<text.count)
        return target.utf8.first == UInt8(ascii: "/") ? target : "/" + target
    }

    // MARK: ws+unix

    /// `ws+unix:/run/app.sock:/path?query`; `ws+unix:///run/app.sock` is the same with an empty authority.
    private func parseUnix() throws(WebSocketURLError) -> WebSocketURL {
        let start = starts(with: "///") ? position + 2 : position
        guard start < text.count, text[start] == UInt8(ascii: "/"), !starts(with: "//") || start > position else {
            throw error(
                start..<text.count, "after 'ws+unix:' comes the absolute path of a socket, as in ws+unix:/run/app.sock")
        }
        let end = index(of: ":?", in: start..<text.count) ?? text.count
        try judgeEncoding(start..<end)
        let path = percentDecoded(text[start..<end])
        // sun_path of unix(7), with its final zero.
        guard path.count <= 107, !path.contains(0), let socketPath = String(validating: path, as: UTF8.self) else {
            throw error(
                start..<end, "the path of a socket has at most 107 bytes, in UTF-8 and without a zero byte",
                help: "use a shorter path, as in ws+unix:/run/app.sock")
        }
        guard end == text.count || text[end] == UInt8(ascii: ":") else {
            throw error(end..<text.count, "a ':' and a path stand before the query, as in ws+unix:/run/app.sock:/?a=b")
        }
        guard end + 1 >= text.count || "/?".utf8.contains(text[end + 1]) else {
            throw error(
                end + 1..<text.count, "the path after the socket begins with '/'",
                help: "as in ws+unix:/run/app.sock:/path")
        }
        let target = try parseTarget(from: min(end + 1, text.count))
        return WebSocketURL(scheme: .wsUnix, target: target, socketPath: socketPath)
    }

    // MARK: Text

    private func error(_ range: Range<Int>, _ reason: String, help: String? = nil) -> WebSocketURLError {
        WebSocketURLError(range: range, reason: reason, help: help)
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    /// Whether the text ends with a range in which nothing but a quote stands.
    private func isQuote(_ range: Range<Int>) -> Bool {
        range.upperBound == text.count && Self.quotes.contains(string(range))
    }

    /// Whether the text goes on with `prefix` at the position.
    private func starts(with prefix: String) -> Bool {
        text[position...].starts(with: prefix.utf8)
    }

    private func index(of characters: String, in range: Range<Int>) -> Int? {
        range.first { characters.utf8.contains(text[$0]) }
    }
}
