extension HandshakeRequest {
    /// Judges an answer of status 101 to this request by every MUST of RFC 6455 §4.1; only then the connection is open.
    ///
    /// - Returns: how messages are compressed; nil where they are not.
    /// - Throws: the first thing that is wrong, with the offending header and its value.
    @discardableResult
    package func verify(
        _ response: HandshakeResponse, key: HandshakeKey
    ) throws(HandshakeError) -> CompressionAgreement? {
        guard response.status == 101 else {
            throw HandshakeError(reason: "status \(response.status) instead of 101")
        }
        let headers = response.headers

        // A value, not a list with one: "websocket, websocket" is no match.
        guard let upgrade = headers["Upgrade"] else { throw HandshakeError(reason: "no 'Upgrade' header") }
        guard equalIgnoringASCIICase(upgrade, "websocket") else {
            throw unexpected("Upgrade", in: headers, expected: "websocket")
        }

        guard headers["Connection"] != nil else { throw HandshakeError(reason: "no 'Connection' header") }
        guard headers.lists("upgrade", under: "Connection") else {
            throw unexpected("Connection", in: headers, expected: "Upgrade")
        }

        // Of several headers, joined, the value is none: there is a comma in it.
        guard let accept = headers["Sec-WebSocket-Accept"] else {
            throw HandshakeError(reason: "no 'Sec-WebSocket-Accept' header")
        }
        let expected = key.accept
        guard haveSameBytes(accept, expected) else {
            let count = headers.values(of: "Sec-WebSocket-Accept").count
            guard count == 1 else { throw HandshakeError(reason: "\(count) 'Sec-WebSocket-Accept' headers") }
            throw unexpected("Sec-WebSocket-Accept", in: headers, expected: expected)
        }

        let agreement = try verifyExtensions(headers)
        try verifySubprotocol(headers.values(of: "Sec-WebSocket-Protocol"))
        return agreement
    }

    private func verifyExtensions(_ headers: HTTPHeaders) throws(HandshakeError) -> CompressionAgreement? {
        if let compression { return try compression.agreement(in: headers) }
        // An empty one is no extension, but no valid header either (§9.1).
        guard let extensions = headers["Sec-WebSocket-Extensions"] else { return nil }
        throw HandshakeError(
            reason: "header 'Sec-WebSocket-Extensions' is \(quoted(extensions)), though none was offered")
    }

    /// One of those offered, compared by bytes, or none at all.
    private func verifySubprotocol(_ selected: [String]) throws(HandshakeError) {
        guard let subprotocol = selected.first else { return }
        guard selected.count == 1 else {
            throw HandshakeError(reason: "\(selected.count) 'Sec-WebSocket-Protocol' headers")
        }
        guard subprotocols.contains(where: { haveSameBytes($0, subprotocol) }) else {
            let offered =
                subprotocols.isEmpty
                ? "though none was offered" : "but \(subprotocols.map(quoted).joined(separator: ", ")) was offered"
            throw HandshakeError(reason: "header 'Sec-WebSocket-Protocol' is \(quoted(subprotocol)), \(offered)")
        }
    }

    private func unexpected(_ name: String, in headers: HTTPHeaders, expected: String) -> HandshakeError {
        HandshakeError(reason: "header '\(name)' is \(quoted(headers[name] ?? "")) instead of '\(expected)'")
    }
}
