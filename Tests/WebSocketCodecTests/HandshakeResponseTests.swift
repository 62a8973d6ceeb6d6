import Testing
import WebSocketCodec

@Suite struct HandshakeResponseTests {
    /// The key of RFC 6455 §1.3, and what answers it.
    static let key = HandshakeKey(parsing: "dGhlIHNhbXBsZSBub25jZQ==")!
    static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    enum Outcome: Equatable {
        /// The connection is open; with the subprotocol, and the bytes that belong to frames.
        case opened(String?, rest: String = "")
        /// An answer of another status, with its body.
        case answered(Int, body: String)
        /// Handshake error with these words.
        case refused(String)
        /// The answer is not complete.
        case incomplete
    }

    struct Sample: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var lines: String
        var outcome: Outcome
        var subprotocols: [String]

        init(_ name: String, _ lines: String, _ outcome: Outcome, offering subprotocols: [String] = []) {
            self.testDescription = name
            // A line of the table ends with CRLF on the wire.
            self.lines = lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
            self.outcome = outcome
            self.subprotocols = subprotocols
        }
    }

    /// A right answer, with `extra` lines.
    static func switching(_ extra: String = "") -> String {
        "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\(accept)\n\(extra)\n"
    }

    static let accepted: [Sample] = [
        Sample("plain", switching(), .opened(nil)),
        Sample("frames follow", switching() + "abc", .opened(nil, rest: "abc")),
        Sample(
            "no reason phrase", "HTTP/1.1 101\nUpgrade: websocket\nConnection: Upgrade\n\(accept)\n\n", .opened(nil)),
        Sample(
            "names and tokens in other case, spaces and tabs",
            "HTTP/1.1 101 ok\nUPGRADE:\tWebSocket \nconnection:uPGRADE\nsec-websocket-accept:"
                + "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=  \n\n", .opened(nil)),
        Sample(
            "Connection as a list",
            "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: keep-alive, Upgrade\n\(accept)\n\n",
            .opened(nil)),
        Sample(
            "Connection on two lines",
            "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: keep-alive\nConnection: upgrade\n\(accept)\n\n",
            .opened(nil)),
        Sample(
            "folded header", "HTTP/1.1 101 ok\nUpgrade:\n websocket\nConnection: keep-alive,\n\tupgrade\n\(accept)\n\n",
            .opened(nil)),
        Sample("subprotocol", switching("Sec-WebSocket-Protocol: b\n"), .opened("b"), offering: ["a", "b"]),
        Sample("no subprotocol selected", switching(), .opened(nil), offering: ["a"]),
        Sample("empty extensions", switching("Sec-WebSocket-Extensions:\n"), .opened(nil)),
        Sample("other headers", switching("Server: x\nSet-Cookie: a=1\nSet-Cookie: b=2\n"), .opened(nil)),
        Sample(
            "after 100 and 103", "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\n" + switching(),
            .opened(nil)),
        Sample("header outside of ASCII", switching("X: é\n"), .opened(nil)),
    ]

    static let answered: [Sample] = [
        Sample("length", "HTTP/1.1 404 Not Found\nContent-Length: 4\n\ngone, and more", .answered(404, body: "gone")),
        Sample("no content", "HTTP/1.1 204 No Content\n\n", .answered(204, body: "")),
        Sample("not modified", "HTTP/1.0 304 Not Modified\nContent-Length: 9\n\n", .answered(304, body: "")),
        Sample("length 0", "HTTP/1.1 302 Found\nLocation: /x\nContent-Length: 0\n\n", .answered(302, body: "")),
        Sample(
            "chunked",
            "HTTP/1.1 503 Busy\nTransfer-Encoding: chunked\n\n3\nabc\nA;x=y\n0123456789\n0\nTrailer: x\n\nrest",
            .answered(503, body: "abc0123456789")),
        Sample("broken chunks", "HTTP/1.1 500 Oh\nTransfer-Encoding: chunked\n\n1\na\nno", .answered(500, body: "a")),
        Sample(
            "chunk of more than 2^64 bytes",
            "HTTP/1.1 500 Oh\nTransfer-Encoding: chunked\n\nfffffffffffffffff\nabc", .answered(500, body: "")),
        Sample("until the end", "HTTP/1.1 401 Unauthorized\n\nwho?", .incomplete),
        Sample("length that is none", "HTTP/1.1 400 Bad\nContent-Length: many\n\nabc", .incomplete),
        Sample("status 200", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", .answered(200, body: "ok")),
        Sample("half a head", "HTTP/1.1 101 Switching Protocols\nUpgr", .incomplete),
        Sample("nothing", "", .incomplete),
    ]

    static let refused: [Sample] = [
        Sample("no Upgrade", "HTTP/1.1 101 ok\nConnection: Upgrade\n\(accept)\n\n", .refused("no 'Upgrade' header")),
        Sample(
            "wrong Upgrade", "HTTP/1.1 101 ok\nUpgrade: h2c\nConnection: Upgrade\n\(accept)\n\n",
            .refused("header 'Upgrade' is 'h2c' instead of 'websocket'")),
        Sample(
            "one Upgrade too many", "HTTP/1.1 101 ok\nUpgrade: websocket, h2c\nConnection: Upgrade\n\(accept)\n\n",
            .refused("header 'Upgrade' is 'websocket, h2c' instead of 'websocket'")),
        Sample(
            "no Connection", "HTTP/1.1 101 ok\nUpgrade: websocket\n\(accept)\n\n", .refused("no 'Connection' header")),
        Sample(
            "wrong Connection", "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: close\n\(accept)\n\n",
            .refused("header 'Connection' is 'close' instead of 'Upgrade'")),
        Sample(
            "token inside of another",
            "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: no-upgrade\n\(accept)\n\n",
            .refused("header 'Connection' is 'no-upgrade' instead of 'Upgrade'")),
        Sample(
            "no accept", "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: Upgrade\n\n",
            .refused("no 'Sec-WebSocket-Accept' header")),
        Sample(
            "wrong accept",
            "HTTP/1.1 101 ok\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\n",
            .refused(
                "header 'Sec-WebSocket-Accept' is 'S3pPLMBiTxaQ9kYGzzhZRbK+xOo=' "
                    + "instead of 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='")),
        Sample("accept twice", switching("\(accept)\n"), .refused("2 'Sec-WebSocket-Accept' headers")),
        Sample(
            "extension", switching("Sec-WebSocket-Extensions: permessage-deflate\n"),
            .refused("header 'Sec-WebSocket-Extensions' is 'permessage-deflate', though none was offered")),
        Sample(
            "unasked subprotocol", switching("Sec-WebSocket-Protocol: chat\n"),
            .refused("header 'Sec-WebSocket-Protocol' is 'chat', though none was offered")),
        Sample(
            "other subprotocol", switching("Sec-WebSocket-Protocol: A\n"),
            .refused("header 'Sec-WebSocket-Protocol' is 'A', but 'a', 'b' was offered"), offering: ["a", "b"]),
        Sample(
            "two subprotocols", switching("Sec-WebSocket-Protocol: a, b\n"),
            .refused("header 'Sec-WebSocket-Protocol' is 'a, b', but 'a', 'b' was offered"), offering: ["a", "b"]),
        Sample(
            "subprotocol twice", switching("Sec-WebSocket-Protocol: a\nSec-WebSocket-Protocol: a\n"),
            .refused("2 'Sec-WebSocket-Protocol' headers"), offering: ["a"]),
        Sample(
            "empty subprotocol", switching("Sec-WebSocket-Protocol:\n"),
            .refused("header 'Sec-WebSocket-Protocol' is '', but 'a' was offered"), offering: ["a"]),
        Sample(
            "HTTP/1.0", "HTTP/1.0 101 ok\nUpgrade: websocket\nConnection: Upgrade\n\(accept)\n\n",
            .refused("the answer is not valid HTTP: HTTP/1.0 cannot switch protocols")),
        Sample(
            "HTTP/1.2", "HTTP/1.2 101 ok\n\n",
            .refused("the answer is not valid HTTP: status line 'HTTP/1.2 101 ok'")),
        Sample(
            "status of two digits", "HTTP/1.1 99 x\n\n",
            .refused("the answer is not valid HTTP: status line 'HTTP/1.1 99 x'")),
        Sample(
            "status below 100", "HTTP/1.1 099 x\n\n",
            .refused("the answer is not valid HTTP: status line 'HTTP/1.1 099 x'")),
        Sample("no status", "HTTP/1.1\n\n", .refused("the answer is not valid HTTP: status line 'HTTP/1.1'")),
        Sample(
            "line without a colon", "HTTP/1.1 101 ok\nUpgrade\n\n",
            .refused("the answer is not valid HTTP: header line 'Upgrade' without a colon")),
        Sample(
            "space before the colon", "HTTP/1.1 101 ok\nUpgrade : websocket\n\n",
            .refused("the answer is not valid HTTP: header name 'Upgrade '")),
        Sample(
            "no name", "HTTP/1.1 101 ok\n: websocket\n\n", .refused("the answer is not valid HTTP: header name ''")),
        Sample(
            "fold before any header", "HTTP/1.1 101 ok\n a: b\n\n",
            .refused("the answer is not valid HTTP: header line ' a: b' that begins with a space")),
        Sample(
            "zero byte", "HTTP/1.1 101 ok\nX: a\0b\n\n",
            .refused("the answer is not valid HTTP: control character 0x0 in 'X: a\\u{0}b'")),
        Sample(
            "lone carriage return", "HTTP/1.1 101 ok\nX: a\rY: b\n\n",
            .refused("the answer is not valid HTTP: control character 0xd in 'X: a\\rY: b'")),
    ]

    static func read(_ pieces: [[UInt8]], offering subprotocols: [String]) -> Outcome {
        var parser = HandshakeResponseParser()
        do throws(HandshakeError) {
            let request = try HandshakeRequest(target: "/", host: "h", subprotocols: subprotocols)
            for (index, piece) in pieces.enumerated() {
                var received = ByteBuffer()
                received.append(piece.span.bytes)
                var position = 0
                guard let response = try parser.next(in: received.readableBytes, at: &position) else {
                    #expect(position == piece.count)
                    continue
                }
                if response.status != 101 {
                    return .answered(response.status, body: String(decoding: response.body, as: UTF8.self))
                }
                try request.verify(response, key: key)
                let rest = Array(piece[position...]) + pieces[(index + 1)...].joined()
                return .opened(response.subprotocol, rest: String(decoding: rest, as: UTF8.self))
            }
            return .incomplete
        } catch {
            return .refused(error.reason)
        }
    }

    @Test(arguments: accepted + answered + refused)
    func isJudgedTheSameWhereverItIsCut(_ sample: Sample) {
        for pieces in cuts(of: Array(sample.lines.utf8)) {
            let outcome = Self.read(pieces, offering: sample.subprotocols)
            #expect(outcome == sample.outcome, "cut at \(pieces[0].count)")
        }
    }

    /// What is no HTTP is refused as soon as that is seen, in words that depend on how much has arrived.
    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "it begins with 'SSH-2.0-OpenSSH_9.2p1 Debian\\r\\n'"),
        ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{16}", "it is a TLS record (wss:// is the scheme for TLS)"),
        ("HTTP/2 101\r\n", "it begins with 'HTTP/2 101\\r\\n'"),
        ("http/1.1 101 ok\r\n\r\n", "it begins with 'http/1.1 101 ok\\r\\n\\r\\n'"),
        ("\r\nHTTP/1.1 101 ok\r\n", "it begins with '\\r\\nHTTP/1.1 101 ok\\r\\n'"),
    ])
    func isRefusedWhereItIsNotHTTP(_ text: String, _ words: String) {
        let bytes = Array(text.utf8)
        #expect(Self.read([bytes], offering: []) == .refused("the answer is not valid HTTP: \(words)"))
        guard case .refused = Self.read(bytes.map { [$0] }, offering: []) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func keepsWhatItReads() throws {
        let bytes = Array("HTTP/1.1 403 Keep Out!\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\nsorry".utf8)
        var parser = HandshakeResponseParser()
        #expect(parser.isEmpty)
        var position = 0
        let early = try bytes.withUnsafeBytes { received in try parser.next(in: received, at: &position) }
        #expect(early == nil)
        #expect(!parser.isEmpty)
        let response = try parser.finish()
        #expect(response.status == 403)
        #expect(response.reasonPhrase == "Keep Out!")
        #expect(response.headers.fields.map(\.name) == ["A", "B", "a"])
        #expect(response.headers["a"] == "1, 3")
        #expect(response.headers["C"] == nil)
        #expect(response.body == Array("sorry".utf8))
    }

    @Test(arguments: [
        ("", "the connection ended without an HTTP answer"),
        ("HTTP/1.1 2", "the connection ended inside of an HTTP answer"),
        ("HTTP/1.1 100 x\r\n\r\n", "the connection ended inside of an HTTP answer"),
    ])
    func ofAConnectionThatEndsEarlyIsRefused(_ text: String, _ words: String) throws {
        var parser = HandshakeResponseParser()
        var position = 0
        _ = try Array(text.utf8).withUnsafeBytes { received in try parser.next(in: received, at: &position) }
        #expect(throws: HandshakeError.self) { try parser.finish() }
        do {
            _ = try parser.finish()
        } catch {
            #expect(error.reason == words)
        }
    }

    @Test func bodyIsKeptUpToItsLimit() {
        let long = String(repeating: "x", count: 10_000)
        for head in ["", "Content-Length: 10000\r\n", "Transfer-Encoding: chunked\r\n"] {
            let body = head.hasPrefix("T") ? "2710\r\n\(long)\r\n0\r\n\r\n" : long
            let outcome = Self.read([Array("HTTP/1.1 500 x\r\n\(head)\r\n\(body)".utf8)], offering: [])
            #expect(outcome == .answered(500, body: String(repeating: "x", count: 4096)))
        }
        let neverEnding =
            "HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "x", count: 70_000)
        #expect(Self.read([Array(neverEnding.utf8)], offering: []) == .answered(500, body: ""))
    }

    @Test(arguments: [
        ("HTTP/1.1 101 ", "a", "head of more than 64 KiB"),
        ("HTTP/1.1 101 ok\r\n", "X: y\r\n", "head with more than 128 header lines"),
        ("", "HTTP/1.1 100 Continue\r\nX: \(String(repeating: "y", count: 1000))\r\n\r\n", "heads of more than 64 KiB"),
    ])
    func headThatNeverEndsIsBounded(_ start: String, _ repeated: String, _ words: String) {
        let bytes = Array((start + String(repeating: repeated, count: 70_000 / repeated.utf8.count)).utf8)
        let expected = Outcome.refused("the answer is not valid HTTP: \(words)")
        #expect(Self.read([bytes], offering: []) == expected)
        #expect(Self.read(bytes.map { [$0] }, offering: []) == expected)
    }

    @Test func headAtTheLimitsIsRead() {
        let lines = (0..<125).map { "X-\($0): \(String(repeating: "y", count: 500))\n" }.joined()
        let sample = Sample("", Self.switching(lines), .opened(nil))
        #expect(Self.read([Array(sample.lines.utf8)], offering: []) == .opened(nil))
    }
}
