import Testing
import WebSocketCodec

@Suite struct CompressionNegotiationTests {
    /// The verdict as `compression-answers.txt` writes it.
    private static func verdict(on headers: [String], to offer: CompressionOffer?) -> String {
        let lines = headers.map { "Sec-WebSocket-Extensions: \($0)\r\n" }.joined()
        let accept = "Sec-WebSocket-Accept: \(HandshakeResponseTests.key.accept)\r\n"
        let head = "HTTP/1.1 101 ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(accept)\(lines)\r\n"
        var bytes = ByteBuffer()
        bytes.append(head)
        var parser = HandshakeResponseParser()
        var position = 0
        do throws(HandshakeError) {
            let request = try HandshakeRequest(target: "/", host: "h", compression: offer)
            guard let response = try parser.next(in: bytes.readableBytes, at: &position) else { return "no answer" }
            guard let agreement = try request.verify(response, key: HandshakeResponseTests.key) else { return "off" }
            return "client \(text(of: agreement.client)), server \(text(of: agreement.server))"
        } catch {
            return error.reason
        }
    }

    private static func text(of terms: CompressionAgreement.Terms) -> String {
        "\(terms.windowBits)" + (terms.takesContextOver ? "*" : "")
    }

    @Test(arguments: CompressionAnswer.all)
    func answerIsJudged(_ answer: CompressionAnswer) {
        #expect(Self.verdict(on: answer.headers, to: answer.offer) == answer.verdict)
    }

    @Test func tableHasNoCaseTwice() {
        #expect(CompressionAnswer.all.count >= 80)
        #expect(Set(CompressionAnswer.all.map(\.testDescription)).count == CompressionAnswer.all.count)
    }

    @Test(arguments: [
        ("-", "permessage-deflate; client_max_window_bits"),
        ("client_max_window_bits=12", "permessage-deflate; client_max_window_bits=12"),
        ("server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9; client_max_window_bits"),
        (
            "server_no_context_takeover client_no_context_takeover server_max_window_bits=15 client_max_window_bits=8",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15; "
                + "client_max_window_bits=8"
        ),
    ])
    func offerIsSent(_ words: String, _ header: String) throws {
        let request = try HandshakeRequest(
            target: "/", host: "h", compression: CompressionOffer(words: words[...]))
        let expected =
            "Sec-WebSocket-Extensions: \(header)\r\nSec-WebSocket-Version: 13\r\n"
        #expect(HandshakeRequestTests.render(request).contains(expected))
    }

    @Test func nothingIsOfferedUnasked() throws {
        let text = HandshakeRequestTests.render(try HandshakeRequest(target: "/", host: "h"))
        #expect(!text.contains("Extensions"))
    }
}
