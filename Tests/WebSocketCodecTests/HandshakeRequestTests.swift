import Testing
import WebSocketCodec

@Suite struct HandshakeRequestTests {
    static func render(_ request: HandshakeRequest, key: HandshakeKey = HandshakeResponseTests.key) -> String {
        var output = ByteBuffer()
        request.append(key: key, to: &output)
        return String(decoding: output.readableBytes, as: UTF8.self)
    }

    @Test func rendersWhatTheRFCAsksFor() throws {
        let request = try HandshakeRequest(
            target: "/chat?room=1", host: "server.example.com:8080",
            headers: [
                HTTPHeaderField(name: "Origin", value: "http://example.com"),
                HTTPHeaderField(name: "X-Name", value: "Zoë\t1"),
            ],
            subprotocols: ["chat", "superchat"])
        let expected = """
            GET /chat?room=1 HTTP/1.1\r
            Host: server.example.com:8080\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Origin: http://example.com\r
            X-Name: Zoë\t1\r
            Sec-WebSocket-Protocol: chat, superchat\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r

            """
        #expect(Self.render(request) == expected)
    }

    @Test func sendsTheHostOfItsHeaders() throws {
        let request = try HandshakeRequest(
            target: "/", host: "127.0.0.1:9001", headers: [HTTPHeaderField(name: "hOST", value: "virtual.example")])
        let text = Self.render(request)
        #expect(text.hasPrefix("GET / HTTP/1.1\r\nHost: virtual.example\r\nUpgrade:"))
        #expect(!text.contains("127.0.0.1"))
    }

    @Test(arguments: [
        ("Connection", "close", "header 'Connection' belongs to the handshake"),
        ("upgrade", "x", "header 'upgrade' belongs to the handshake"),
        ("Sec-WebSocket-Key", "x", "header 'Sec-WebSocket-Key' belongs to the handshake"),
        ("sec-websocket-anything", "x", "header 'sec-websocket-anything' belongs to the handshake"),
        ("Content-Length", "3", "header 'Content-Length' belongs to the handshake"),
        ("Transfer-Encoding", "chunked", "header 'Transfer-Encoding' belongs to the handshake"),
        ("", "x", "'' cannot be the name of a header"),
        ("A B", "x", "'A B' cannot be the name of a header"),
        ("A:", "x", "'A:' cannot be the name of a header"),
        ("A\r\nB", "x", "'A\\r\\nB' cannot be the name of a header"),
        ("Ä", "x", "'Ä' cannot be the name of a header"),
        ("A", "x\r\nB: y", "header 'A' has a control character in its value 'x\\r\\nB: y'"),
        ("A", "x\ny", "header 'A' has a control character in its value 'x\\ny'"),
        ("A", "x\0", "header 'A' has a control character in its value 'x\\u{0}'"),
        ("A", "\u{7F}", "header 'A' has a control character in its value '\\u{7f}'"),
        ("A", "x\u{85}y", "header 'A' has a control character in its value 'x\\u{85}y'"),
        ("Host", "a\r\nb", "header 'Host' has a control character in its value 'a\\r\\nb'"),
        ("Host", "a b", "'a b' cannot be the value of header 'Host'"),
        ("host", "ä", "'ä' cannot be the value of header 'Host'"),
        ("Host", "", "'' cannot be the value of header 'Host'"),
    ])
    func refusesAHeader(_ name: String, _ value: String, _ words: String) {
        let error = #expect(throws: HandshakeError.self) {
            try HandshakeRequest(target: "/", host: "h", headers: [HTTPHeaderField(name: name, value: value)])
        }
        #expect(error?.reason == words)
    }

    @Test(arguments: ["", "chat", "/a b", "/a\r\nX: y", "/a\0", "/ä", "*"])
    func refusesATarget(_ target: String) {
        #expect(throws: HandshakeError.self) { try HandshakeRequest(target: target, host: "h") }
    }

    @Test(arguments: [
        ([""], "subprotocol '' is not an HTTP token"), (["a b"], "subprotocol 'a b' is not an HTTP token"),
        (["a,b"], "subprotocol 'a,b' is not an HTTP token"), (["a\r\n"], "subprotocol 'a\\r\\n' is not an HTTP token"),
        (["a", "b", "a"], "subprotocol 'a' is offered twice"),
    ])
    func refusesSubprotocols(_ subprotocols: [String], _ words: String) {
        let error = #expect(throws: HandshakeError.self) {
            try HandshakeRequest(target: "/", host: "h", subprotocols: subprotocols)
        }
        #expect(error?.reason == words)
    }

    @Test func refusesTwoHosts() {
        let hosts = [HTTPHeaderField(name: "Host", value: "a"), HTTPHeaderField(name: "host", value: "b")]
        #expect(throws: HandshakeError.self) { try HandshakeRequest(target: "/", host: "h", headers: hosts) }
    }

    @Test func everyKeyIsAnother() {
        var source = HandshakeKeySource()
        let keys = Set((0..<100).map { _ in source.next() })
        #expect(keys.count == 100)
        #expect(keys.allSatisfy { HandshakeKey(parsing: $0.text) == $0 })
    }
}
