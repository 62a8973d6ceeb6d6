/// Reads a client's opening request on the server's side, from bytes that arrive in pieces, and judges it by every rule
/// of RFC 6455 §4.2.1.
package struct HandshakeRequestParser: Sendable {
    private var reader = HTTPHeadReader()

    package init() {}

    /// Takes bytes from `received[position...]`; gives the request once its head is complete, else `nil` when all bytes
    /// are consumed. What is left behind `position` belongs to the first frames.
    package mutating func next(
        in received: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HandshakeRefusal) -> ReceivedHandshake? {
        let headers: HTTPHeaders
        do throws(HTTPHeadError) {
            guard try reader.take(from: received, at: &position) else { return nil }
            headers = try reader.headers(unfolding: false)
        } catch {
            throw HandshakeRefusal(
                status: error.kind == .tooLarge ? .headerFieldsTooLarge : .badRequest, reason: error.reason)
        }
        let target = try Self.target(ofRequestLine: String(decoding: reader.startLine, as: UTF8.self))
        let key = try Self.key(in: headers)
        return ReceivedHandshake(target: target, headers: headers, key: key)
    }

    /// `GET /chat HTTP/1.1` (RFC 9112 §3).
    private static func target(ofRequestLine line: String) throws(HandshakeRefusal) -> String {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, isHTTPToken(parts[0]), !parts[1].isEmpty, parts[2].utf8.starts(with: "HTTP/".utf8)
        else {
            throw HandshakeRefusal(status: .badRequest, reason: "request line \(quoted(line))")
        }
        guard parts[2] == "HTTP/1.1" else {
            throw HandshakeRefusal(
                status: .versionNotSupported, reason: "HTTP version \(quoted(String(parts[2]))) instead of 'HTTP/1.1'")
        }
        guard parts[0] == "GET" else {
            throw HandshakeRefusal(
                status: .methodNotAllowed, reason: "method \(quoted(String(parts[0]))) instead of 'GET'")
        }
        return String(parts[1])
    }

    private static func key(in headers: HTTPHeaders) throws(HandshakeRefusal) -> HandshakeKey {
        func refusal(_ status: HandshakeRefusal.Status, _ reason: String) -> HandshakeRefusal {
            HandshakeRefusal(status: status, reason: reason)
        }
        guard headers.values(of: "Host").count == 1 else {
            throw refusal(.badRequest, "\(headers.values(of: "Host").count) 'Host' headers instead of one")
        }
        guard headers.lists("websocket", under: "Upgrade") else {
            throw refusal(.upgradeRequired, "header 'Upgrade' does not ask for websocket")
        }
        guard headers.lists("upgrade", under: "Connection") else {
            throw refusal(.badRequest, "header 'Connection' does not ask for an upgrade")
        }
        let versions = headers.values(of: "Sec-WebSocket-Version")
        guard versions == ["13"] else {
            throw refusal(
                .upgradeRequired, "header 'Sec-WebSocket-Version' is \(quoted(versions.joined(separator: ", ")))")
        }
        guard headers["Transfer-Encoding"] == nil, headers["Content-Length"] ?? "0" == "0" else {
            throw refusal(.badRequest, "a request with a body cannot open a connection")
        }
        let keys = headers.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, let key = HandshakeKey(parsing: keys[0]) else {
            throw refusal(
                .badRequest,
                "header 'Sec-WebSocket-Key' is \(quoted(keys.joined(separator: ", "))), not 16 bytes in base64")
        }
        return key
    }
}
