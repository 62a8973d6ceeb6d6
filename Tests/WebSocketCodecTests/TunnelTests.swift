import Testing
import WebSocketCodec

/// The tunnel through a proxy: what is asked for, and what its answer means.
struct TunnelTests {
    static let rows = TableRow.all(in: "tunnel-answers.txt", columns: 3)

    private static func verdict(on pieces: [[UInt8]]) -> String {
        var parser = HandshakeResponseParser(to: .tunnel)
        do throws(HandshakeError) {
            for (index, piece) in pieces.enumerated() {
                var received = ByteBuffer()
                received.append(piece.span.bytes)
                var position = 0
                if let answer = try parser.next(in: received.readableBytes, at: &position) {
                    guard (200...299).contains(answer.status) else { return "refused \(answer.status)" }
                    let rest = piece[position...] + pieces[(index + 1)...].joined()
                    return "tunnel" + (rest.isEmpty ? "" : ", then \(HandshakeAnswer.escaped(rest))")
                }
                // A refusal is one as soon as its head is there.
                if let answer = try? parser.finish() { return "refused \(answer.status)" }
            }
        } catch {
            return "malformed \(error.reason)"
        }
        return "waits"
    }

    @Test(arguments: rows)
    func answerIsJudgedTheSameWhereverItIsCut(_ row: TableRow) {
        let bytes = HandshakeAnswer.bytes(row.columns[1])
        #expect(Self.verdict(on: [bytes]) == row.columns[2])
        // What is no HTTP is told by as much of it as has arrived.
        let isWhole = !["it begins with", "it is a TLS record"].contains { row.columns[2].contains($0) }
        for pieces in cuts(of: bytes) where isWhole {
            #expect(Self.verdict(on: pieces) == row.columns[2], "cut at \(pieces[0].count)")
        }
    }

    @Test func tableHasNoRowTwice() {
        #expect(Self.rows.count > 30)
        TableRow.expectNoTwins(Self.rows, file: "tunnel-answers.txt")
    }

    @Test(arguments: [
        ("example.com", nil, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"),
        (
            "::1", "Basic dTpw",
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
        ),
    ])
    func asksForAHostAndItsPort(_ host: String, _ authorization: String?, _ head: String) {
        var output = ByteBuffer()
        TunnelRequest(toHost: host, port: 443, authorization: authorization).append(to: &output)
        #expect(String(decoding: output.readableBytes, as: UTF8.self) == head)
    }

    @Test func theAddressOfAProxyIsRead() throws {
        let proxy = try ProxyURL("http://u:p%40@Proxy.example:3128")
        #expect(proxy.host == "Proxy.example" && proxy.port == 3128)
        #expect(proxy.authorization == "Basic dTpwQA==")
        #expect(try ProxyURL("HTTP://[::1]/").host == "::1")
        #expect(try ProxyURL("http://p").port == 80)
        #expect(try ProxyURL("http://p").authorization == nil)
    }

    @Test(arguments: [
        ("", "this is not the address of a proxy", ""),
        ("127.0.0.1:3128", "this is not the address of a proxy", "127.0.0.1:3128"),
        ("https://p:1", "a proxy that is spoken to by 'https' is not supported", "https"),
        ("socks5://p:1", "a proxy that is spoken to by 'socks5' is not supported", "socks5"),
        ("http://p:x", "'x' is not a port", "x"),
        ("http://p/path", "the address of a proxy has no path and no query", "/path"),
        ("http://p?q", "the address of a proxy has no path and no query", "?q"),
        ("http://a b", "a space in the address", " "),
        ("http://", "the address has no host", ""),
    ])
    func otherAddressesAreNot(_ text: String, _ reason: String, _ place: String) throws {
        let error = #expect(throws: WebSocketURLError.self) { try ProxyURL(text) }
        #expect(error?.reason == reason)
        #expect(error?.help != nil)
        let bytes = Array(text.utf8)
        #expect(error.map { String(decoding: bytes[$0.range.clamped(to: 0..<bytes.count)], as: UTF8.self) } == place)
    }
}
