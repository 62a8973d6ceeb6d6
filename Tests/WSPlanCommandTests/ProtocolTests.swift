import TestSupport
import Testing

extension EndToEnd {
    /// The plans of `plans/` for protocols that people use, with servers that others have made for these.
    @Suite struct Protocols {
        struct Row: CustomTestStringConvertible, Sendable {
            var plan: String
            /// A program in `Servers/protocols/`.
            var server: String
            /// How the server misbehaves; nil where it does not.
            var deed: String?
            /// The check that fails then.
            var failing: String?
            /// The words behind it in the summary.
            var reason: String?
            /// What the server has seen.
            var seen: [String: Int]

            var testDescription: String { "\(plan), \(deed ?? "a good server")" }

            static func row(
                _ plan: String, _ server: String, _ deed: String? = nil, fails failing: String? = nil,
                because reason: String? = nil, seen: [String: Int]
            ) -> Row {
                Row(plan: plan, server: server, deed: deed, failing: failing, reason: reason, seen: seen)
            }

            static let late = " within 2s"
        }

        static let rows: [Row] = [
            .row("graphql-transport-ws", "graphql_server", seen: ["counts": 1, "clocks": 1, "abandoned": 1]),
            .row(
                "graphql-transport-ws", "graphql_server", "no-ack", fails: "await acknowledged", because: Row.late,
                seen: ["counts": 0, "clocks": 0, "abandoned": 0]),
            .row(
                "graphql-transport-ws", "graphql_server", "wrong-id", fails: "await next", because: Row.late,
                seen: ["counts": 1, "clocks": 0, "abandoned": 0]),
            .row(
                "graphql-transport-ws", "graphql_server", "no-pong", fails: "await pong", because: Row.late,
                seen: ["counts": 1, "clocks": 1, "abandoned": 1]),
            .row(
                "graphql-transport-ws", "graphql_server", "other-schema",
                fails: "the server refused an operation: ${message.json.payload[0].message}",
                because: "the server refused an operation: Cannot query field 'count' on type 'OtherSubscription'",
                seen: ["counts": 0, "clocks": 0, "abandoned": 0]),

            .row("socketio", "socketio_server", seen: ["connects": 1, "greetings": 2, "disconnects": 1]),
            .row(
                "socketio", "socketio_server", "no-connect", fails: "await the namespace has connected",
                because: Row.late, seen: ["connects": 1, "greetings": 0, "disconnects": 1]),
            .row(
                "socketio", "socketio_server", "wrong-id", fails: "await the event is acknowledged", because: Row.late,
                seen: ["connects": 1, "greetings": 1, "disconnects": 1]),
            .row(
                "socketio", "socketio_server", "no-ping", fails: "the server has not pinged in time",
                seen: ["connects": 1, "greetings": 2, "disconnects": 1]),

            .row("ocpp16", "ocpp_server", seen: ["boots": 1, "heartbeats": 3, "errors": 0]),
            .row(
                "ocpp16", "ocpp_server", "no-answer", fails: "await BootNotification", because: Row.late,
                seen: ["boots": 1, "heartbeats": 0, "errors": 0]),
            .row(
                "ocpp16", "ocpp_server", "wrong-id", fails: "await BootNotification", because: Row.late,
                seen: ["boots": 1, "heartbeats": 0, "errors": 0]),
            .row(
                "ocpp16", "ocpp_server", "rejects", fails: "the charge point is accepted",
                because: "message.json[2].status  = \"Rejected\"", seen: ["boots": 1, "heartbeats": 3, "errors": 0]),
        ]

        @Test(arguments: rows) func isSpokenAndJudged(_ row: Row) async throws {
            let (report, result, seen) = try await Self.run(row)
            #expect(seen == row.seen)
            let failed = report.checks.filter { $0.fails > 0 }.map(\.name)
            if let failing = row.failing {
                #expect(result.exitCode == 1, "\(result.transcript)")
                #expect(failed == [failing])
                #expect(result.output.contains(row.reason ?? failing), "\(result.transcript)")
            } else {
                #expect(result.exitCode == 0, "\(result.transcript)")
                #expect(failed.isEmpty)
            }
        }

        /// The plan sends heartbeats for as long as nothing answers the first of them.
        @Test func aMissedHeartbeatFails() async throws {
            let row = Row.row(
                "ocpp16", "ocpp_server", "no-heartbeat", fails: "await Heartbeat", because: Row.late, seen: [:])
            let (report, result, seen) = try await Self.run(row)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(report.checks.filter { $0.fails > 0 }.map(\.name) == ["await Heartbeat"])
            #expect(result.output.contains(Row.late), "\(result.transcript)")
            #expect(seen["boots"] == 1 && (1...3).contains(seen["heartbeats"] ?? 0), "\(seen)")
        }

        private static func run(
            _ row: Row
        ) async throws -> (report: RunReport, result: ProcessRunner.Result, seen: [String: Int]) {
            let server = try await TestServer.start(
                "\(EndToEnd.servers)/protocols/\(row.server).py", row.deed.map { [$0] } ?? [])
            let folder = try TemporaryDirectory()
            let path = folder.path(of: "report.json")
            let result = try await EndToEnd.wsplan(
                "run", "\(EndToEnd.plans)/\(row.plan).yaml", "--env", "HOST=127.0.0.1:\(server.port)",
                "--report", "json=\(path)"
            ).run()
            return (try RunReport(contentsOf: path), result, try await server.finish([String: Int].self))
        }
    }
}
