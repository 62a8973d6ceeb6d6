import TestSupport
import Testing

extension EndToEnd {
    /// `await`, against a peer that says more than it is asked, in pieces and out of turn.
    @Suite struct Awaits {
        /// A greeting in the packet of the 101, a reply behind a hundred messages that are like it, in fifty fragments: each
        /// condition has more than one message to choose from, and none but the oldest that fits is right.
        @Test func theRightMessageIsFoundEachTime() async throws {
            let (result, report) = try await run(
                greetings: ["go away", "welcome 1", "welcome 2"],
                """
                load:
                  vus: 3
                  iterations_per_vu: 5
                metrics:
                  pings: counter
                on_open:
                  - await: message.text.startsWith("welcome")
                    name: greeting
                    since: open
                  - check:
                      it is the first that fits: message.text == "welcome 1"
                  - let:
                      id: 7 + vu.iteration
                  - send:
                      json:
                        id: ${id}
                        burst: 100
                        fragments: 50
                        hold: 20
                  - await: message.json.reply == id
                    name: reply
                  - check:
                      it is the whole reply: message.json.numbers == range(200) && !message.binary
                  - close
                on_ping:
                  - record:
                      pings: 1
                thresholds:
                  ws_msgs_received: count == \(15 * (3 + 100 + 1))
                  pings: count == \(15 * (10 + 1))
                  ws_await{name=greeting}:
                    - count == 15
                    - max < 20ms
                  ws_await{name=reply}:
                    - count == 15
                    - min >= 20ms
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(report.sessions.attempted == 15)
            #expect(report.checks.map(\.passes) == report.checks.map { _ in 15 })
        }

        /// A session in which one message is wrong, and the check that says so.
        struct Miss: CustomTestStringConvertible, Sendable {
            var testDescription: String
            var greeting = "welcome"
            /// What is asked for besides the id, 7.
            var request = "{id: 7}"
            var count = 1
            var fails: String
            /// What the summary has to show of it.
            var shown: String
        }

        @Test(arguments: [
            Miss(
                testDescription: "another greeting", greeting: "go away", fails: "await greeting",
                shown: #"message.text  = "go away""#),
            Miss(
                testDescription: "too few greetings", count: 2, fails: "await greeting",
                shown: "no message matched within 300ms"),
            Miss(
                testDescription: "a reply to another request", request: "{id: 7, burst: 3, as: 70}",
                fails: "await reply", shown: "message.json.reply  = 70"),
        ])
        func theWrongMessageIsNotTaken(_ miss: Miss) async throws {
            let (result, report) = try await run(
                greetings: [miss.greeting],
                """
                timeouts:
                  await: 300ms
                on_open:
                  - await: message.text == "welcome"
                    name: greeting
                    count: \(miss.count)
                  - send:
                      json: \(miss.request)
                  - await: message.json.reply == 7
                    name: reply
                  - close
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(report.checks.filter { $0.fails > 0 }.map(\.name) == [miss.fails])
            #expect(result.output.contains(miss.shown), "\(result.transcript)")
        }

        /// What a plan says beside an await whose message has been there since before its request, and what comes of it.
        struct Since: CustomTestStringConvertible, Sendable {
            var written: String?
            var takesTheEarlyOne: Bool
            var givesSample: Bool

            var testDescription: String { written ?? "nothing written" }
        }

        @Test(arguments: [
            Since(written: nil, takesTheEarlyOne: true, givesSample: false),
            Since(written: "open", takesTheEarlyOne: true, givesSample: true),
            Since(written: "send", takesTheEarlyOne: false, givesSample: true),
            Since(written: "now", takesTheEarlyOne: false, givesSample: true),
            Since(written: "before", takesTheEarlyOne: false, givesSample: true),
        ])
        func aReplyFromBeforeItsRequest(_ since: Since) async throws {
            let (result, report) = try await run(
                greetings: ["welcome", #"{"reply": 7, "numbers": "early"}"#],
                """
                on_open:
                  - await: message.text == "welcome"
                    since: open
                  - wait: 2ms
                  - mark: before
                  - send:
                      json:
                        id: 7
                        hold: 5
                  - await: message.json.reply == 7
                    name: reply
                \(since.written.map { "    since: " + $0 } ?? "")
                  - check:
                      it is the right one: (message.json.numbers == "early") == \(since.takesTheEarlyOne)
                  - measure: unused
                    since: before
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            // The greeting is the other one.
            #expect(report.trend("ws_await")?.count == (since.givesSample ? 2 : 1))
        }

        @Test func theTaskThatHasWaitedLongestGetsTheMessage() async throws {
            let (result, _) = try await run(
                """
                on_open:
                  - after: 1ms
                    do:
                      - await: has(message.json.reply)
                        name: parked first
                      - check:
                          the first: message.json.reply == 1
                  - after: 30ms
                    do:
                      - repeat: 3
                        do:
                          - send:
                              json:
                                id: ${counter("requests")}
                  # This task is the older one, and parks later.
                  - wait: 10ms
                  - await: has(message.json.reply)
                    name: parked second
                  - check:
                      the second: message.json.reply == 2
                  - await: has(message.json.reply)
                    name: parked anew
                  - check:
                      the third: message.json.reply == 3
                  - close
                thresholds:
                  checks: rate == 100%
                  ws_await{name="parked first"}: min >= 20ms
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            for check in ["the first", "the second", "the third"] {
                #expect(result.output.contains("✓  \(check)"), "\(result.transcript)")
            }
        }

        @Test func severalMessagesAreTakenAndTheLastIsBound() async throws {
            let (result, _) = try await run(
                greetings: ["1", "noise", "2", "true", "3", "4"],
                """
                on_open:
                  - await: message.json > 0
                    name: numbers
                    count: 3
                  - check:
                      the last of three: message.json == 3
                  - await: message.json > 0
                    name: one more
                  - check:
                      the next one: message.json == 4
                  - await: any
                    count: 2
                  - check:
                      what was passed over has stayed: message.text == "true"
                  - close
                thresholds:
                  ws_msgs_received: count == 6
                  ws_await{name=numbers}: count == 1
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test func aBlockAwaitsForWhoeverUsesIt() async throws {
            let (result, report) = try await run(
                """
                blocks:
                  receive:
                    - await: message.json.reply == number
                      name: reply
                    - check:
                        the one that was asked for: message.json.reply == number
                on_open:
                  - for: number
                    in: range(3)
                    do:
                      - send:
                          json:
                            id: ${number}
                            burst: 4
                  # In another order than that in which they come.
                  - for: asked
                    in:
                      - 2
                      - 0
                      - 1
                    do:
                      - use: receive
                        with:
                          number: asked
                      - check:
                          it is bound behind the block too: message.json.reply == asked
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            for check in ["the one that was asked for", "it is bound behind the block too"] {
                #expect(report.checks.first { $0.name == check }?.passes == 3)
            }
            #expect(report.counter("ws_msgs_received") == 15)
        }

        /// A run of a plan without its `url`, against a peer that greets with these texts.
        private func run(
            greetings: [String] = [], _ plan: String
        ) async throws -> (ProcessRunner.Result, RunReport) {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer("answers", greetings)
            let result = try await EndToEnd.run(plan: "url: \(peer.url)\n" + plan, in: folder).run()
            return (result, try RunReport(contentsOf: folder.path(of: "report.json")))
        }
    }
}
