import LoadMetrics
import RunReports
import TestSupport
import Testing

@Suite struct LiveTranscriptTests {
    private static let events: [TranscriptEvent] = {
        let request = """
            GET /chat?x=1 HTTP/1.1\r\nHost: example.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
            """
        let long = (0..<200).map { "word \($0)" }.joined(separator: ", ")
        let kinds: [TranscriptEvent.Kind] =
            [
                .connecting(to: "wss://example.test/chat?x=1"),
                .asked(
                    peer: "example.test at 192.0.2.1:443", security: "TLSv1.3, TLS_AES_256_GCM_SHA384",
                    request: Array(request.utf8)),
                .answered(
                    .init(status: 101, headers: [.init("Upgrade", "websocket"), .init("X-Note", "a\u{9B}2Jb")]),
                    reasonPhrase: "Switching Protocols"),
                .check("status is 101", passed: true),
                .log(level: "info", Array("connected\u{1B}[31m".utf8)),
                .log(level: "warn", Array("careful".utf8)),
            ] + TranscriptFrame.samples.map { .frame($0) } + [
                .frame(TranscriptFrame(.received, .text, sinceNanoseconds: 0, long)),
                .check("quotes › price is positive", passed: false),
                .error(kind: "close_code", "the peer closed with 4001: by\u{7}e"),
                .closed(code: 4001, by: "peer"),
                .connecting(to: "ws://example.test/elsewhere"),
                .answered(
                    .init(
                        status: 403, headers: [.init("content-type", "text/html")], body: Array("<h1>No\n</h1>".utf8)),
                    reasonPhrase: ""),
                .closed(code: 1006, by: "error"),
                .closed(code: 1005, by: "load_end"),
            ]
        return kinds.enumerated().map { index, kind in
            TranscriptEvent(kind, sinceNanoseconds: Int64(index) * 1_234_567 * Int64(index))
        }
    }()

    private func lines(_ style: ReportStyle) -> String {
        let transcript = LiveTranscript(style: style)
        return Self.events.flatMap(transcript.lines).map { $0 + "\n" }.joined()
    }

    @Test func readsAsRecorded() {
        Golden.expect(lines(.plain), equals: Fixture("live-transcript.out").path)
    }

    @Test func coloursChangeNothingButColours() {
        let coloured = lines(.colour)
        let stripped = coloured.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset == 0 ? String($0.element) : String($0.element.drop { $0 != "m" }.dropFirst()) }.joined()
        #expect(stripped == lines(.plain))
    }

    @Test func nothingOfAPeerReachesTheTerminalUnescaped() {
        let unsafe = lines(.plain).unicodeScalars.filter { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(unsafe.isEmpty)
    }
}
