import Testing
import WebSocketCodec

@Suite struct ServerHandshakeTests {
    enum Outcome: Equatable {
        case opened(target: String, subprotocols: [String], rest: String = "")
        case refused(Int, String)
        case incomplete
    }

    static let host = "Host: h\n"
    static let upgrade = "Upgrade: websocket\nConnection: keep-alive, Upgrade\n"
    static let version = "Sec-WebSocket-Version: 13\n"
    static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
    static let opened = Outcome.opened(target: "/", subprotocols: [])

    static let samples: [(String, Outcome)] = [
        ("GET / HTTP/1.1\n\(host + upgrade + version + key)\n", opened),
        (
            "GET /a?b HTTP/1.1\n\(host + upgrade + version + key)Sec-WebSocket-Protocol: x, y\n"
                + "sec-websocket-protocol: z\n\nabc",
            .opened(target: "/a?b", subprotocols: ["x", "y", "z"], rest: "abc")
        ),
        ("GET / HTTP/1.1\nhost:\nUPGRADE: h2c, WebSocket\nconnection: UPGRADE\n\(version + key)\n", opened),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version)Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\n\n", opened
        ),
        ("GET / HTTP/1.1\n\(host + upgrade + version + key)Content-Length: 0\n\n", opened),
        ("GET / HTTP/1.1\n\(host + upgrade + version + key)", .incomplete),
        (
            "POST / HTTP/1.1\n\(host + upgrade + version + key)\n",
            .refused(405, "method 'POST' instead of 'GET'")
        ),
        (
            "GET / HTTP/1.0\n\(host + upgrade + version + key)\n",
            .refused(505, "HTTP version 'HTTP/1.0' instead of 'HTTP/1.1'")
        ),
        ("GET /\n\n", .refused(400, "request line 'GET /'")),
        ("GET /a b HTTP/1.1\n\n", .refused(400, "request line 'GET /a b HTTP/1.1'")),
        ("\n\n", .refused(400, "request line ''")),
        ("GET / HTTP/1.1\n\(upgrade + version + key)\n", .refused(400, "0 'Host' headers instead of one")),
        (
            "GET / HTTP/1.1\n\(host + host + upgrade + version + key)\n",
            .refused(400, "2 'Host' headers instead of one")
        ),
        (
            "GET / HTTP/1.1\n\(host)Connection: Upgrade\n\(version + key)\n",
            .refused(426, "header 'Upgrade' does not ask for websocket")
        ),
        (
            "GET / HTTP/1.1\n\(host)Upgrade: websocket\n\(version + key)\n",
            .refused(400, "header 'Connection' does not ask for an upgrade")
        ),
        ("GET / HTTP/1.1\n\(host + upgrade + key)\n", .refused(426, "header 'Sec-WebSocket-Version' is ''")),
        (
            "GET / HTTP/1.1\n\(host + upgrade + key)Sec-WebSocket-Version: 8\n\n",
            .refused(426, "header 'Sec-WebSocket-Version' is '8'")
        ),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version)\n",
            .refused(400, "header 'Sec-WebSocket-Key' is '', not 16 bytes in base64")
        ),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version)Sec-WebSocket-Key: Zm9v\n\n",
            .refused(400, "header 'Sec-WebSocket-Key' is 'Zm9v', not 16 bytes in base64")
        ),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version + key + key)\n",
            .refused(
                400,
                "header 'Sec-WebSocket-Key' is 'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==', "
                    + "not 16 bytes in base64")
        ),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version + key)Content-Length: 5\n\nhello",
            .refused(400, "a request with a body cannot open a connection")
        ),
        (
            "GET / HTTP/1.1\n\(host + upgrade + version + key)A: b\n c\n\n",
            .refused(400, "header line ' c' that begins with a space")
        ),
        ("GET / HTTP/1.1\n\(host)A b: c\n\n", .refused(400, "header name 'A b'")),
    ]

    static func read(_ pieces: [[UInt8]]) -> Outcome {
        var parser = HandshakeRequestParser()
        for (index, piece) in pieces.enumerated() {
            var received = ByteBuffer()
            received.append(piece.span.bytes)
            var position = 0
            do throws(HandshakeRefusal) {
                guard let request = try parser.next(in: received.readableBytes, at: &position) else { continue }
                let rest = Array(piece[position...]) + pieces[(index + 1)...].joined()
                return .opened(
                    target: request.target, subprotocols: request.subprotocols,
                    rest: String(decoding: rest, as: UTF8.self))
            } catch {
                return .refused(error.status.rawValue, error.reason)
            }
        }
        return .incomplete
    }

    static func onTheWire(_ lines: String) -> [UInt8] {
        Array(lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
    }

    @Test(arguments: samples)
    func judgesARequestTheSameWhereverItIsCut(_ lines: String, _ outcome: Outcome) {
        for pieces in cuts(of: Self.onTheWire(lines)) {
            #expect(Self.read(pieces) == outcome, "cut at \(pieces[0].count)")
        }
    }

    @Test func headThatNeverEndsIsBounded() {
        let line = Array("GET /".utf8) + [UInt8](repeating: 0x61, count: 70_000)
        #expect(Self.read([line]) == .refused(431, "head of more than 64 KiB"))
        let lines = "GET / HTTP/1.1\n" + String(repeating: "A: b\n", count: 200)
        #expect(Self.read([Self.onTheWire(lines)]) == .refused(431, "head with more than 128 header lines"))
    }

    @Test func acceptanceIsWhatOurClientTakes() throws {
        var source = HandshakeKeySource()
        let key = source.next()
        let request = try HandshakeRequest(target: "/x", host: "h", subprotocols: ["a", "b"])
        var wire = ByteBuffer()
        request.append(key: key, to: &wire)
        var requestParser = HandshakeRequestParser()
        var position = 0
        let received = try #require(try requestParser.next(in: wire.readableBytes, at: &position))
        #expect(received.target == "/x")
        #expect(received.subprotocols == ["a", "b"])

        var answer = ByteBuffer()
        received.appendAcceptance(subprotocol: "b", to: &answer)
        var responseParser = HandshakeResponseParser()
        position = 0
        let response = try #require(try responseParser.next(in: answer.readableBytes, at: &position))
        try request.verify(response, key: key)
        #expect(response.subprotocol == "b")
        #expect(throws: HandshakeError.self) { try request.verify(response, key: source.next()) }
    }

    @Test func refusalIsAnAnswerThatEndsWithItsBody() throws {
        var request = ByteBuffer()
        request.append("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        var parser = HandshakeRequestParser()
        var position = 0
        var answer = ByteBuffer()
        do throws(HandshakeRefusal) {
            _ = try parser.next(in: request.readableBytes, at: &position)
        } catch {
            error.append(to: &answer)
        }
        var responseParser = HandshakeResponseParser()
        position = 0
        let response = try #require(try responseParser.next(in: answer.readableBytes, at: &position))
        #expect(position == answer.count)
        #expect(response.status == 426)
        #expect(response.headers["Sec-WebSocket-Version"] == "13")
        #expect(response.headers["Connection"] == "Upgrade, close")
        #expect(response.body == Array("header 'Upgrade' does not ask for websocket\n".utf8))
    }
}
