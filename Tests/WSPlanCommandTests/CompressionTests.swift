import TestSupport
import Testing

extension EndToEnd {
    /// permessage-deflate, with a server of another make.
    @Suite struct Compression {
        struct Row: CustomTestStringConvertible, Sendable {
            var testDescription: String
            /// What the server answers.
            var server: [String]
            /// What stands below `connect`.
            var connect: String
            /// Which of the messages travel compressed.
            var compressed: Direction

            enum Direction: Sendable { case none, both, received }
        }

        static let rows = [
            Row(testDescription: "not asked for", server: ["deflate"], connect: "", compressed: .none),
            Row(testDescription: "off", server: ["deflate"], connect: "compression: false", compressed: .none),
            Row(testDescription: "declined", server: [], connect: "compression: true", compressed: .none),
            Row(testDescription: "on", server: ["deflate"], connect: "compression: true", compressed: .both),
            Row(
                testDescription: "without context takeover by the server's wish",
                server: ["server_no_context_takeover", "client_no_context_takeover"], connect: "compression: true",
                compressed: .both),
            Row(
                testDescription: "without context takeover by the plan's wish", server: ["deflate"],
                connect: "compression: {server_no_context_takeover: true, client_no_context_takeover: true, level: 1}",
                compressed: .both),
            Row(
                testDescription: "small windows", server: ["server_max_window_bits=9", "client_max_window_bits=9"],
                connect: "compression: true", compressed: .both),
            Row(
                testDescription: "a window of 8 bits", server: ["deflate"],
                connect: "compression: {client_max_window_bits: 8, server_max_window_bits: 10}", compressed: .both),
            Row(
                testDescription: "a threshold above all messages", server: ["deflate"],
                connect: "compression: {threshold: 1MiB}", compressed: .received),
        ]

        @Test(arguments: rows)
        func countsWhatTheServerCounts(_ row: Row) async throws {
            let server = try await EndToEnd.echoServer(compression: row.server)
            let folder = try TemporaryDirectory()
            let plan = """
                url: \(server.url)
                \(row.connect.isEmpty ? "" : "connect:\n  \(row.connect)")
                load:
                  vus: 20
                  iterations_per_vu: 5
                vars:
                  text: \((0..<200).map { "price \($0 % 7) " }.joined())
                on_open:
                  - repeat: 10
                    do:
                      - send: ${text + string(vu.id)}
                        fragments: 2
                      - await: message.text == text + string(vu.id)
                      - send: ${bytes(text)}
                      - await: message.bytes == bytes(text)
                  - send: ""
                  - await: message.size == 0
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            let counts = try await server.finish(ServerCounts.self)
            #expect(result.exitCode == 0, "\(result.transcript)")

            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(counts.received == 2_100)
            #expect(report.counter("ws_msgs_received") == 2_100)
            #expect(report.counter("ws_payload_sent") == counts.bytes)
            #expect(report.counter("ws_payload_received") == counts.bytes)
            #expect(counts.compressed == (row.compressed == .both ? 2_100 : 0))
            let (sent, received) = try (
                #require(report.counter("data_sent")), #require(report.counter("data_received"))
            )
            #expect((sent < counts.bytes / 4) == (row.compressed == .both), "\(sent) of \(counts.bytes)")
            #expect((received < counts.bytes / 4) == (row.compressed != .none), "\(received) of \(counts.bytes)")
        }
    }
}
