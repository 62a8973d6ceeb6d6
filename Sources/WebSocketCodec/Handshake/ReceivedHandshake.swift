/// A client's opening request that a server has judged to be right (RFC 6455 §4.2.1).
package struct ReceivedHandshake: Hashable, Sendable {
    package var target: String
    package var headers: HTTPHeaders
    package var key: HandshakeKey

    /// The subprotocols the client speaks, those it likes best first.
    package var subprotocols: [String] { headers.listElements(of: "Sec-WebSocket-Protocol") }

    /// Appends the answer that opens the connection (§4.2.2). Frames may follow at once.
    ///
    /// - Parameter subprotocol: one of `subprotocols`, or `nil` to select none.
    package func appendAcceptance(subprotocol: String? = nil, to output: inout ByteBuffer) {
        output.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        if let subprotocol {
            precondition(subprotocols.contains(subprotocol), "subprotocol \(subprotocol) was not offered")
            output.append("Sec-WebSocket-Protocol: \(subprotocol)\r\n")
        }
        output.append("Sec-WebSocket-Accept: \(key.accept)\r\n\r\n")
    }
}

/// Why a server does not open a connection, and the answer that says so (RFC 6455 §4.2.2, §4.4).
package struct HandshakeRefusal: Error, Hashable, Sendable {
    package enum Status: Int, Sendable {
        case badRequest = 400
        case methodNotAllowed = 405
        case upgradeRequired = 426
        case headerFieldsTooLarge = 431
        case versionNotSupported = 505
    }

    package let status: Status
    /// What is wrong with the request, one line.
    package let reason: String

    /// Appends the answer, after which the connection is to be closed.
    package func append(to output: inout ByteBuffer) {
        let (phrase, header) =
            switch status {
            case .badRequest: ("Bad Request", "")
            case .methodNotAllowed: ("Method Not Allowed", "Allow: GET\r\n")
            case .upgradeRequired:
                ("Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
            case .headerFieldsTooLarge: ("Request Header Fields Too Large", "")
            case .versionNotSupported: ("HTTP Version Not Supported", "")
            }
        let connection = status == .upgradeRequired ? "Upgrade, close" : "close"
        output.append(
            """
            HTTP/1.1 \(status.rawValue) \(phrase)\r
            \(header)Connection: \(connection)\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(reason.utf8.count + 1)\r
            \r
            \(reason)

            """)
    }
}
