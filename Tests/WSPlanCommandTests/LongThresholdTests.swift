import TestSupport
import Testing

extension EndToEnd {
    /// Thresholds in their long form: `abort`, `after` and `window`.
    @Suite struct LongThresholds {
        /// Ends as `stop_run` does: what is open is closed with 1001, and everything is reported.
        @Test func oneThatAbortsEndsTheRun() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let junit = folder.path(of: "report.xml")
            var runner = try EndToEnd.run(
                plan: """
                    url: \(server.url)
                    load:
                      vus: 3
                      duration: 60s
                    on_open:
                      - send: hello
                    on_message:
                      - check:
                          it is another: message.text != "hello"
                    thresholds:
                      checks{check="it is another"}:
                        that: rate > 50%
                        abort: true
                      ws_errors: count == 0
                    """, in: folder)
            runner.arguments += ["--allow-limited", "--report", "junit=\(junit)"]
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.elapsed < .seconds(20), "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).closes == ["1001": 3])

            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let threshold = try #require(report.thresholds.first)
            #expect(threshold.outcome == "failed" && threshold.abortedAt.map { $0 >= 1000 } == true)
            #expect(report.thresholds.last?.abortedAt == nil)
            let words = "threshold checks{check=it is another}: rate > 50% (ended the run after "
            #expect(result.output.contains(words), "\(result.transcript)")
            #expect(report.verdict.reasons.contains { $0.text.hasPrefix(words) })
            #expect(try TextFile.read(junit).contains("; ended the run after "))
        }

        /// Without samples there is nothing to go by, and one that can still hold goes on.
        @Test func oneThatMayStillHoldDoesNotAbort() async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      vus: 1
                      iterations: 1
                    metrics:
                      late: trend
                    on_open:
                      - wait: 2500ms
                      - record:
                          late: 1
                      - close
                    thresholds:
                      ws_sessions:
                        - that: count >= 1
                          abort: true
                        - that: count < 2
                          abort: true
                      late:
                        that: max == 1
                        abort: true
                      iterations:
                        that: count > 0
                        abort: true
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        /// A limit may be longer than what 64 bits of nanoseconds hold.
        @Test func noTimeIsBeyondALimitThatNoClockReaches() async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    on_open:
                      - close
                    thresholds:
                      ws_connecting:
                        - max < 3000000h
                        - p(95) <= 9223372037s
                        - avg < 1e250h
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test func whatCameBeforeIsLeftOut() async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    metrics:
                      early: counter
                      late: counter
                    on_open:
                      - record:
                          early: 1
                      - wait: 3s
                      - record:
                          late: 1
                      - close
                    thresholds:
                      early:
                        - count == 1
                        - that: count == 0
                          after: 2s
                      late:
                        that: count == 1
                        after: 2s
                      ws_errors:
                        that: count == 0
                        after: 500ms
                        window: 500ms
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("count == 0, after 2s"), "\(result.transcript)")
            #expect(result.output.contains("worst of "), "\(result.transcript)")
        }

        /// Failures before `after` are left out as asked, and the reader is told.
        @Test func failuresThatAreLeftOutAreTold() async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    on_open:
                      - check:
                          it is late: "false"
                      - wait: 1500ms
                      - check:
                          it came: "true"
                      - close
                    thresholds:
                      checks:
                        that: rate > 99%
                        after: 1s
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("1 failed check before 1s, which nothing judges"), "\(result.transcript)")
            #expect(try TextFile.read(folder.path(of: "report.json")).contains("\"failures_before\": 1"))
        }

        /// What happens once is in one window of at least three.
        @Test func everyWindowCounts() async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    on_open:
                      - send: hello
                      - wait: 3100ms
                      - close
                    thresholds:
                      ws_msgs_sent:
                        - count == 1
                        - that: count == 1
                          window: 1s
                    """, in: folder)
            runner.arguments += ["--allow-limited"]
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let failed = "threshold ws_msgs_sent: count == 1, in every 1s (failed in "
            #expect(result.output.contains(failed), "\(result.transcript)")
        }
    }
}
