/// A client's opening request (RFC 6455 §4.1), rendered once for all connections but for the key of each.
package final class HandshakeRequest: Sendable {
    package let target: String
    /// The subprotocols offered, in order of preference.
    package let subprotocols: [String]
    /// nil where none is offered.
    package let compression: CompressionOffer?

    private let head: [UInt8]

    /// - Parameters:
    ///   - target: path and query, from `/` on.
    ///   - host: the value of `Host`, unless `headers` has its own.
    ///   - headers: sent as they are, in this order.
    /// - Throws: where a text cannot stand in a head, or a header is the handshake's own business.
    package init(
        target: String, host: String, headers: [HTTPHeaderField] = [], subprotocols: [String] = [],
        compression: CompressionOffer? = nil
    ) throws(HandshakeError) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HandshakeError(reason: "\(quoted(target)) cannot be the target of a request")
        }
        for (index, subprotocol) in subprotocols.enumerated() {
            try Self.judge(subprotocol: subprotocol, offeredAfter: subprotocols[..<index])
        }
        let hosts = headers.filter { equalIgnoringASCIICase($0.name, "Host") }
        guard hosts.count <= 1 else {
            throw HandshakeError(reason: "header 'Host' is given twice")
        }
        let host = hosts.first ?? HTTPHeaderField(name: "Host", value: host)
        try Self.judge(host)

        var text = "GET \(target) HTTP/1.1\r\nHost: \(host.value)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        for header in headers where !equalIgnoringASCIICase(header.name, "Host") {
            try Self.judge(header)
            text += "\(header.name): \(header.value)\r\n"
        }
        if !subprotocols.isEmpty {
            text += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n"
        }
        if let compression {
            text += "Sec-WebSocket-Extensions: \(compression.header)\r\n"
        }
        text += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        self.target = target
        self.subprotocols = subprotocols
        self.compression = compression
        head = Array(text.utf8)
    }

    /// Appends the request with `key`, which has to be a fresh one.
    package func append(key: HandshakeKey, to output: inout ByteBuffer) {
        head.withUnsafeBytes { output.append($0) }
        output.append(key.text)
        output.append("\r\n\r\n")
    }

    /// Whether the handshake itself decides about this header, so that nobody else may set it: its own ones, and those
    /// that would announce a body, which the request has none of.
    package static func isReserved(headerName name: String) -> Bool {
        ["Connection", "Upgrade", "Content-Length", "Transfer-Encoding"]
            .contains { equalIgnoringASCIICase($0, name) }
            || name.utf8.lazy.map(\.asciiLowercased).starts(with: "sec-websocket-".utf8)
    }

    /// - Throws: where a text cannot be a subprotocol, or is one of those that are offered before it.
    package static func judge(
        subprotocol: String, offeredAfter others: ArraySlice<String>
    ) throws(HandshakeError) {
        guard isHTTPToken(subprotocol) else {
            throw HandshakeError(reason: "subprotocol \(quoted(subprotocol)) is not an HTTP token")
        }
        guard !others.contains(where: { haveSameBytes($0, subprotocol) }) else {
            throw HandshakeError(reason: "subprotocol \(quoted(subprotocol)) is offered twice")
        }
    }

    /// Whether `text` can be the value of `Host`: visible ASCII. Which hosts there are is the server's business.
    package static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// - Throws: where a header cannot be sent, or is the handshake's own.
    package static func judge(_ header: HTTPHeaderField) throws(HandshakeError) {
        guard isHTTPToken(header.name) else {
            throw HandshakeError(reason: "\(quoted(header.name)) cannot be the name of a header")
        }
        guard !isReserved(headerName: header.name) else {
            throw HandshakeError(reason: "header \(quoted(header.name)) belongs to the handshake")
        }
        guard !holdsHTTPControl(header.value) else {
            throw HandshakeError(
                reason: "header \(quoted(header.name)) has a control character in its value \(quoted(header.value))")
        }
        guard !equalIgnoringASCIICase(header.name, "Host") || isHost(header.value) else {
            throw HandshakeError(reason: "\(quoted(header.value)) cannot be the value of header 'Host'")
        }
    }
}
