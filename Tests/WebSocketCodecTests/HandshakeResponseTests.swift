import Testing
import WebSocketCodec

@Suite struct HandshakeResponseTests {
    /// The key of RFC 6455 §1.3.
    static let key = HandshakeKey(parsing: "dGhlIHNhbXBsZSBub25jZQ==")!
    static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// What a client makes of an answer, in the words of `handshake-answers.txt`.
    static func verdict(on pieces: [[UInt8]], to request: HandshakeRequest) -> String {
        var parser = HandshakeResponseParser()
        do throws(HandshakeError) {
            for (index, piece) in pieces.enumerated() {
                var received = ByteBuffer()
                received.append(piece.span.bytes)
                var position = 0
                guard let response = try parser.next(in: received.readableBytes, at: &position) else {
                    #expect(position == piece.count)
                    continue
                }
                if response.status != 101 { return description(of: response) }
                try request.verify(response, key: key)
                let subprotocol = response.subprotocol.map { ", subprotocol '\($0)'" } ?? ""
                let rest = piece[position...] + pieces[(index + 1)...].joined()
                return "accepted" + subprotocol + (rest.isEmpty ? "" : ", then '\(HandshakeAnswer.escaped(rest))'")
            }
        } catch {
            return "handshake: \(error.reason)"
        }
        do throws(HandshakeError) {
            return "at the end: \(description(of: try parser.finish()))"
        } catch {
            return "at the end: handshake: \(error.reason)"
        }
    }

    private static func description(of response: HandshakeResponse) -> String {
        "http_status \(response.status) '\(HandshakeAnswer.escaped(response.body))'"
    }

    static func verdict(on bytes: [UInt8]) throws -> String {
        verdict(on: [bytes], to: try HandshakeRequest(target: "/", host: "h"))
    }

    @Test(arguments: HandshakeAnswer.all)
    func answerIsJudgedTheSameWhereverItIsCut(_ answer: HandshakeAnswer) throws {
        let request = try HandshakeRequest(target: "/", host: "h", subprotocols: answer.offered)
        for pieces in cuts(of: answer.bytes) {
            let verdict = Self.verdict(on: pieces, to: request)
            let isExpected =
                answer.verdict.hasSuffix("…")
                ? verdict.hasPrefix(answer.verdict.dropLast()) : verdict == answer.verdict
            #expect(isExpected, "\(verdict), cut at \(pieces[0].count)")
        }
    }

    @Test func tableHasNoCaseTwice() {
        #expect(HandshakeAnswer.all.count > 150)
        #expect(Set(HandshakeAnswer.all.map(\.name)).count == HandshakeAnswer.all.count)
        #expect(
            Set(HandshakeAnswer.all.map { $0.offered + [HandshakeAnswer.escaped($0.bytes)] }).count
                == HandshakeAnswer.all.count)
    }

    /// What is no HTTP is refused as soon as that is seen, in words about what had arrived.
    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "it begins with 'SSH-2.0-OpenSSH_9.2p1 Debian\\r\\n'"),
        ("S", "it begins with 'S'"),
        ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{16}", "it is a TLS record (wss:// is the scheme for TLS)"),
        ("HTTP/2 101\r\n", "it begins with 'HTTP/2 101\\r\\n'"),
    ])
    func answerThatIsNotHTTPIsShown(_ text: String, _ words: String) throws {
        #expect(try Self.verdict(on: Array(text.utf8)) == "handshake: the answer is not valid HTTP: \(words)")
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

    @Test func bodyIsKeptUpToItsLimit() throws {
        let long = String(repeating: "x", count: 10_000)
        for head in ["", "Content-Length: 10000\r\n", "Transfer-Encoding: chunked\r\n"] {
            let body = head.hasPrefix("T") ? "2710\r\n\(long)\r\n0\r\n\r\n" : long
            let verdict = try Self.verdict(on: Array("HTTP/1.1 500 x\r\n\(head)\r\n\(body)".utf8))
            #expect(verdict == "http_status 500 '\(String(repeating: "x", count: 4096))'")
        }
        let neverEnding =
            "HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "x", count: 70_000)
        #expect(try Self.verdict(on: Array(neverEnding.utf8)) == "http_status 500 ''")
    }

    @Test(arguments: [
        ("HTTP/1.1 101 ", "a", "the answer is not valid HTTP: head of more than 64 KiB"),
        ("HTTP/1.1 101 ok\r\n", "X: y\r\n", "the answer is not valid HTTP: head with more than 128 header lines"),
        ("HTTP/1.1 101 ok\r\nX: y", "\r\n y", "the answer is not valid HTTP: head with more than 128 header lines"),
        (
            "", "HTTP/1.1 100 Continue\r\nX: \(String(repeating: "y", count: 6000))\r\n\r\n",
            "the answer is not valid HTTP: head of more than 64 KiB"
        ),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", "more than 16 interim answers"),
    ])
    func headThatNeverEndsIsBounded(_ start: String, _ repeated: String, _ words: String) throws {
        let bytes = Array((start + String(repeating: repeated, count: 70_000 / repeated.utf8.count)).utf8)
        let request = try HandshakeRequest(target: "/", host: "h")
        #expect(Self.verdict(on: [bytes], to: request) == "handshake: \(words)")
        #expect(Self.verdict(on: bytes.map { [$0] }, to: request) == "handshake: \(words)")
    }

    /// A head of 64 KiB in 128 lines.
    static let largestHead: [UInt8] = {
        let start = "HTTP/1.1 101 ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(accept)\r\n"
        let lines = (0..<124).map { "X-\($0): \(String(repeating: "y", count: 500))\r\n" }.joined()
        let filler = String(repeating: "z", count: (64 << 10) - start.utf8.count - lines.utf8.count - 7)
        return Array("\(start)\(lines)Z: \(filler)\r\n\r\n".utf8)
    }()

    @Test func headAtTheLimitsIsRead() throws {
        #expect(Self.largestHead.count == 64 << 10)
        #expect(try Self.verdict(on: Self.largestHead) == "accepted")
        let larger = Array(Self.largestHead.dropLast(4)) + Array("z\r\n\r\n".utf8)
        #expect(
            try Self.verdict(on: larger) == "handshake: the answer is not valid HTTP: head of more than 64 KiB")
    }

    /// Each byte is looked at twice, once for the end of its line and once for what a line must not hold, whether the
    /// largest head comes whole or byte by byte. Were it searched anew with each read, that would be two billion looks.
    @Test(arguments: [1, 2, 1000, 64 << 10])
    func workIsLinearHoweverTheHeadIsCut(_ size: Int) throws {
        var parser = HandshakeResponseParser()
        var response: HandshakeResponse?
        for start in stride(from: 0, to: Self.largestHead.count, by: size) {
            var position = 0
            response = try Array(Self.largestHead[start...].prefix(size)).withUnsafeBytes { received in
                try parser.next(in: received, at: &position)
            }
        }
        #expect(response?.status == 101)
        #expect(parser.examinedByteCount <= 2 * Self.largestHead.count)
    }
}
