import Diagnostics
import PlanModel
import Testing

struct URLTests {
    struct Sample: Sendable {
        var url: String
        /// What is reported, and the part of the address that it points at; nil where all is well.
        var problem: (code: DiagnosticCode, place: String)?
    }

    static let samples: [Sample] = [
        Sample(url: "ws://localhost"), Sample(url: "ws://localhost:9001/a/b?c=d&e=%20"), Sample(url: "WS://h/"),
        Sample(url: "ws://[::1]:80"), Sample(url: "ws://[fe80::1]"), Sample(url: "${server.url}"),
        Sample(url: "ws://${vu.id}.example.com"), Sample(url: "ws://h?q"),
        Sample(url: "localhost:9001", problem: (.invalidURL, "localhost:9001")),
        Sample(url: "//localhost/", problem: (.invalidURL, "//localhost/")),
        Sample(url: "/path", problem: (.invalidURL, "/path")),
        Sample(url: "http://h/", problem: (.invalidURL, "http")),
        Sample(url: "https://${vu.id}/", problem: (.invalidURL, "https")),
        Sample(url: "ftp://h/", problem: (.invalidURL, "ftp")),
        Sample(url: "wss://h/"), Sample(url: "ws+unix:/tmp/socket"),
        Sample(url: "ws://h/#part", problem: (.invalidURL, "#part")),
        Sample(url: "ws://h/a b", problem: (.invalidURL, " ")),
        Sample(url: "ws://münchen.example/", problem: (.invalidURL, "ü")),
        Sample(url: "ws://h/{x}", problem: (.invalidURL, "{")),
        Sample(url: "ws:///path", problem: (.invalidURL, "")), Sample(url: "ws://:80", problem: (.invalidURL, "")),
        Sample(url: "ws://h:"), Sample(url: "ws://h:0", problem: (.invalidURL, "0")),
        Sample(url: "ws://h:65536/", problem: (.invalidURL, "65536")),
        Sample(url: "ws://h:+80", problem: (.invalidURL, "+80")),
        Sample(url: "ws://h:80x", problem: (.invalidURL, "80x")),
        Sample(url: "ws://user:pw@h/"), Sample(url: "ws://u@v@h/", problem: (.invalidURL, "@")),
        Sample(url: "ws://[::1/", problem: (.invalidURL, "[::1")),
        Sample(url: "ws://[::1]x", problem: (.invalidURL, "x")),
    ]

    @Test(arguments: samples)
    func judgesAddresses(_ sample: Sample) throws {
        let source = SourceFile(name: "plan.yaml", bytes: Array("url: '\(sample.url)'".utf8))
        let diagnostics = ReadPlan(source).diagnostics
        #expect(diagnostics.map(\.code) == (sample.problem.map { [$0.code] } ?? []))
        #expect(diagnostics.first.map { source.text(of: $0.span) } == sample.problem?.place)
    }
}
