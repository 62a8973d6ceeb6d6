import TestSupport
import Testing

extension EndToEnd {
    /// What the tool says it has sent and received is what a server of another make has received and sent.
    @Suite struct EchoCounts {
        @Test func areExactlyTheServers() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let plan = """
                url: \(server.url)
                load:
                  vus: 200
                  duration: \(EndToEnd.isVerifying ? "10s" : "2s")
                on_open:
                  - send: hello
                on_message:
                  - send: ${message.text}
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            let counts = try await server.finish(ServerCounts.self)
            #expect(result.exitCode == 0, "\(result.transcript)")

            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(counts.sessions == 200 && report.sessions.opened == 200)
            #expect(report.counter("ws_msgs_sent") == counts.received)
            #expect(report.counter("ws_msgs_received") == counts.sent)
            #expect(counts.bytes == counts.received * "hello".utf8.count)
            // Several round trips each, or the load was none.
            #expect(counts.received > 2_000)
            #expect(counts.closes == ["1001": 200])
        }
    }
}
