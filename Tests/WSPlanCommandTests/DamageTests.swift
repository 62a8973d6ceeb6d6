import TestSupport
import Testing

extension EndToEnd {
    /// A server that loses, doubles, reorders and changes messages: none of it is missed, and nothing else is counted.
    @Suite struct Damages {
        /// What `damaging_server.py` has counted.
        private struct Counts: Decodable {
            var received: Int
            var sent: Int
            var dropped: Int
            var doubled: Int
            var overtaken: Int
            var corrupted: Int
        }

        private static let users = 4
        private static let messagesOfEach = 5_000

        /// Each message has a number, a mark of its own, and letters that its answer has to bring back. The last one comes back
        /// behind all others.
        private static func plan(_ url: String, thresholds: String) -> String {
            """
            url: \(url)
            load:
              vus: \(users)
              iterations_per_vu: 1
            vars:
              latest: 0
            metrics:
              answers: counter
              whole: rate
              number: trend
              waited: trend(ms)
            on_open:
              - repeat: \(messagesOfEach)
                do:
                  - let:
                      id: counter("message")
                  - mark: message-${id}
                  - send:
                      json:
                        id: ${id}
                        body: ${hex(sha256(string(id)))}
              - send:
                  json:
                    last: true
            on_message:
              - if: message.json.last == true
                then:
                  - close
                else:
                  - let:
                      id: message.json.id
                      is_whole: message.json.body == hex(sha256(string(message.json.id)))
                  - check:
                      it is whole: is_whole
                      it comes in its turn: id >= latest
                  - measure: waited
                    since: message-${id}
                  - record:
                      answers: 1
                      whole: is_whole
                      number: id
                  - set:
                      latest: "id > latest ? id : latest"
            timeouts:
              session: 25s
            \(thresholds)
            """
        }

        @Test(
            arguments: [
                ("", 1), ("thresholds: {checks: rate > 99%, whole: rate > 99%, waited: count > 19000}", 0),
            ] as [(String, Int32)])
        func eachMessageIsAccountedFor(_ thresholds: String, _ exitCode: Int32) async throws {
            let server = try await TestServer.start(EndToEnd.servers + "/damaging_server.py")
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(plan: Self.plan(server.url, thresholds: thresholds), in: folder).run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            let counts = try await server.finish(Counts.self)
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))

            let asked = Self.users * Self.messagesOfEach
            #expect(
                counts.received == asked + Self.users
                    && counts.sent == counts.received - counts.dropped + counts.doubled)
            for count in [counts.dropped, counts.doubled, counts.overtaken, counts.corrupted] {
                #expect(count > 0, "\(counts)")
            }
            #expect(
                report.counter("ws_msgs_sent") == counts.received && report.counter("ws_msgs_received") == counts.sent)

            // Dropped and doubled.
            let mark = RunReport.Mark(
                key: "message-${id}", set: asked, measured: asked - counts.dropped, replaced: 0,
                neverMeasured: counts.dropped, cut: 0)
            #expect(report.marks == [mark])
            #expect(report.missedMeasures.map(\.withoutMark) == [counts.doubled])
            #expect(report.missedMeasures.map(\.inFuture) == [0])
            #expect(report.trend("waited")?.count == asked - counts.dropped)

            // Reordered and corrupted.
            let answers = counts.sent - Self.users
            let turns = try #require(report.checks.first { $0.name == "it comes in its turn" })
            #expect((turns.passes, turns.fails) == (answers - counts.overtaken, counts.overtaken))
            let bodies = try #require(report.checks.first { $0.name == "it is whole" })
            #expect((bodies.passes, bodies.fails) == (answers - counts.corrupted, counts.corrupted))

            #expect(report.counter("answers") == answers && report.trend("number")?.count == answers)
            let whole = try #require(report.rates.first { $0.metric == "whole" })
            #expect((whole.passes, whole.fails) == (bodies.passes, bodies.fails))
            #expect(report.sessions.failed == Self.users)
        }
    }
}
