/// An HTTP proxy that opens a tunnel to whoever is asked for (RFC 9110 §9.3.6): `http://user:password@host:port`.
package struct ProxyURL: Hashable, Sendable {
    package let host: String
    /// As written, or 80.
    package let port: UInt16
    /// The value of `Proxy-Authorization`, for the name and password in the URL (RFC 7617).
    package let authorization: String?
    /// What no report should show of that.
    package let secrets: [String]

    private static let example = "for example http://127.0.0.1:3128"

    /// - Throws: the first thing that is wrong, and where.
    package init(_ text: String) throws(WebSocketURLError) {
        let bytes = Array(text.utf8)
        let scheme = bytes.prefix { $0.isASCIILetter || $0.isASCIIDigit || "+-.".utf8.contains($0) }
        let name = String(decoding: scheme.map(\.asciiLowercased), as: UTF8.self)
        guard !name.isEmpty, bytes[name.utf8.count...].starts(with: "://".utf8) else {
            throw WebSocketURLError(
                range: 0..<bytes.count, reason: "this is not the address of a proxy", help: Self.example)
        }
        guard name == "http" else {
            throw WebSocketURLError(
                range: 0..<name.utf8.count, reason: "a proxy that is spoken to by '\(name)' is not supported",
                help: "an 'http' proxy tunnels wss:// as well, \(Self.example)")
        }
        // It has the form of the address of a WebSocket, whose scheme is two letters shorter.
        let url: WebSocketURL
        do {
            url = try WebSocketURL("ws" + String(decoding: bytes[4...], as: UTF8.self))
        } catch {
            let shifted = error.range.lowerBound + 2..<error.range.upperBound + 2
            throw WebSocketURLError(range: shifted, reason: error.reason, help: Self.example)
        }
        guard url.target == "/" else {
            let start = bytes.dropFirst(7).firstIndex { "/?".utf8.contains($0) } ?? bytes.count
            throw WebSocketURLError(
                range: start..<bytes.count, reason: "the address of a proxy has no path and no query",
                help: Self.example)
        }
        host = url.host
        port = url.port
        authorization = url.basicAuthorization
        secrets = url.secrets
    }
}
