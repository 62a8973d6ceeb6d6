import TestSupport
import Testing

extension EndToEnd {
    /// What only shows when a plan runs: values that turn out wrong, and how a run comes to its end.
    @Suite struct RunTime {
        private func run(_ plan: String) async throws -> (result: ProcessRunner.Result, report: RunReport) {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            return (result, try RunReport(contentsOf: folder.path(of: "report.json")))
        }

        /// Each has the words that a reader has to see, and the line of the plan that is to blame.
        @Test(arguments: [
            (#"url: ${"http://127.0.0.1/" + string(vu.id)}"#, "is no WebSocket address", 1),
            (
                "serve: echo\nurl: ${server.url}\nconnect:\n  headers:\n    X-Name: ${\"a\\r\\nX-Evil:\" + string(vu.id)}",
                #"control character in its value 'a\r\nX-Evil:1'"#, 5
            ),
            ("serve: echo\nurl: ${server.url}\nvars:\n  bad: ${[1][vu.id]}", "index 1 is out of range", 4),
            ("serve: echo\nurl: ${server.url}\nvu_vars:\n  bad: ${[1][vu.id]}", "index 1 is out of range", 4),
        ])
        func aTargetThatTurnsOutWrongIsAFailedSession(_ head: String, _ words: String, _ line: Int) async throws {
            // An expectation that is written is not to blame either.
            let (result, report) = try await run(head + "\nexpect:\n  status: 101\non_open:\n  - close\n")
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains(words), "\(result.transcript)")
            #expect(result.output.contains("plan.yaml:\(line):"), "\(result.transcript)")
            #expect(report.sessions.attempted == 1 && report.sessions.failed == 1, "\(result.transcript)")
            #expect(report.errors.count == 1)
            #expect(report.counter("ws_sessions") == 1)
        }

        @Test func closeCodesThatCannotBeSentAreErrors() async throws {
            let (result, report) = try await run(
                """
                serve: echo
                url: ${server.url}
                vars:
                  code: '1005'
                on_open:
                  - close:
                      code: ${code}
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(report.errors.map(\.kind) == ["expression"])
        }

        @Test func nobodyWaitsForAPauseWithNothingBehindIt() async throws {
            let port = try ReservedPort()
            let (result, _) = try await run(
                """
                url: ws://127.0.0.1:\(port.number)/
                load:
                  vus: 2
                  iterations: 2
                  pause: 30s
                on_open:
                  - close
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.elapsed < .seconds(10), "\(result.transcript)")
        }

        @Test func stoppingTheRunIsNoFailure() async throws {
            let (result, report) = try await run(
                """
                serve: echo
                url: ${server.url}
                load:
                  vus: 2
                  duration: 60s
                on_open:
                  - wait: 100ms
                  - stop_run: seen enough
                on_close:
                  - log: closed ${close.code} by ${close.by}
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("the plan stopped the run: seen enough"), "\(result.transcript)")
            #expect(result.errorLines.count { $0.hasSuffix("closed 1001 by load_end") } == 2, "\(result.transcript)")
            #expect(report.counter("ws_closes") == 2 && report.sessions.opened == 2)
            #expect(result.elapsed < .seconds(10))
        }

        @Test func aRunGivesUpWhenNothingEverWorks() async throws {
            let port = try ReservedPort()
            let (result, report) = try await run(
                """
                url: ws://127.0.0.1:\(port.number)/
                load:
                  vus: 10
                  duration: 60s
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains("gave up after 30 failed sessions"), "\(result.transcript)")
            #expect(report.sessions.failed >= 30 && report.sessions.opened == 0)
            #expect(result.elapsed < .seconds(10))
        }

        @Test func aFullInboxIsNamed() async throws {
            let (result, report) = try await run(
                """
                serve: echo
                url: ${server.url}
                on_open:
                  - repeat: 1100
                    do:
                      - send: hello
                  - wait: 500ms
                  - await: any
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(report.counter("ws_inbox_dropped") == 76, "\(result.transcript)")
            #expect(result.output.contains("76 of their oldest messages were dropped"), "\(result.transcript)")
        }

        @Test func aCheckIsCountedInItsOwnGroupAlone() async throws {
            let (result, report) = try await run(
                """
                serve: echo
                url: ${server.url}
                on_open:
                  - group: one
                    do:
                      - check:
                          first: vu.id == 1
                  - group: two
                    do:
                      - check:
                          second: vu.id == 1
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(report.checks.map(\.name).sorted() == ["first", "second", "status is 101"])
            #expect(report.checks.allSatisfy { $0.passes == 1 && $0.fails == 0 })
        }

        @Test(arguments: ["1", "2"]) func everySessionThatOpensIsClosedHoweverItEnds(_ loops: String) async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      vus: 20
                      duration: 1s
                    timeouts:
                      session: 40ms
                    on_open:
                      - send: hello
                      - await: any
                        name: echo
                      - let:
                          dice: random_int(1, 6)
                      - if: dice == 1
                        then:
                          - close:
                              code: 4000
                      - if: dice == 2
                        then:
                          - fail: on purpose
                      - if: dice == 3
                        then:
                          - log: ${[1][dice]}
                      - if: dice == 4
                        then:
                          - await: message.text == "never"
                            timeout: 10ms
                      - if: dice == 5
                        then:
                          - every: 1ms
                            do:
                              - send: tick
                    on_error:
                      - wait: 3ms
                    on_close:
                      - wait: 3ms
                    """, in: folder)
            runner.arguments += ["--loops", loops]
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let opened = report.sessions.opened
            #expect(opened > 20)
            #expect(report.counter("ws_closes") == opened, "\(result.transcript)")
            #expect(report.checks.first { $0.name == "status is 101" }?.passes == opened)
            #expect(report.counter("ws_sessions") == report.sessions.attempted)
            #expect(report.counter("iterations") == report.sessions.attempted)
            #expect(try #require(report.counter("ws_msgs_received")) <= #require(report.counter("ws_msgs_sent")))
        }

        @Test func aRunSaysWhatLintWouldWarnOf() async throws {
            let (result, _) = try await run(
                """
                serve: echo
                url: ${server.url}
                on_open:
                  - if: vu.id == "1"
                    then:
                      - log: never
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.error.contains(": warning: "), "\(result.transcript)")
        }

        @Test func standardInputHoldsOnePlan() async throws {
            let result = try await EndToEnd.wsplan("run", "-", "-").run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(result.error.contains("standard input"), "\(result.transcript)")
        }
    }
}
