import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Several scenarios side by side.
    @Suite struct Scenarios {
        private func run(_ plan: String, _ arguments: String...) async throws -> (
            result: ProcessRunner.Result, report: RunReport
        ) {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.arguments += arguments
            let result = try await runner.run()
            return (result, try RunReport(contentsOf: folder.path(of: "report.json")))
        }

        private static let plan = """
            serve: echo
            url: ${server.url}
            on_open:
              - log: ${scenario} ${vu.id}
              - send: hello
            on_message:
              - close
            scenarios:
              slow:
                load:
                  vus: 2
                  iterations_per_vu: 1
                  start_after: 300ms
              quick:
                load:
                  vus: 3
                  iterations_per_vu: 2
              open:
                load:
                  rate: 20/s
                  duration: 500ms
                  max_vus: 10
            thresholds:
              ws_sessions{scenario=slow}: count == 2
              ws_sessions{scenario=quick}: count == 6
              ws_sessions{scenario=open}: count == 10
              ws_sessions: count == 18
              data_sent{scenario=slow}: count > 0B
              vus{scenario=quick}: max == 3
              ws_msgs_received{scenario=slow}: count == 2
            """

        @Test(arguments: ["1", "2", "3"]) func eachIsCountedByItself(_ loops: String) async throws {
            let (result, report) = try await run(Self.plan, "--loops", loops)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(report.scenarios.map(\.name) == ["slow", "quick", "open"])
            #expect(report.sessions.opened == 18)
            // Users are numbered from 1 in each, and the one that starts later has nothing to say before.
            let lines = result.errorLines.map { String($0[($0.range(of: "] ")?.upperBound ?? $0.startIndex)...]) }
            #expect(lines.count { $0.hasPrefix("slow ") } == 2 && lines.contains("slow 1") && lines.contains("slow 2"))
            #expect(lines.first { $0.hasPrefix("slow ") } != lines.first)
            #expect(report.gauges.filter { $0.metric == "ws_open" }.map(\.last) == [0])
            let most = try #require(report.gauges.first { $0.metric == "vus_max" })
            #expect(most.min == 15 && most.max == 15 && most.last == 15)
        }

        @Test func theirLoadsAreNamed() async throws {
            let (result, report) = try await run(Self.plan)
            for words in ["slow:", "quick:", "open:", "closed load", "open load", "arrivals: 10 due, 10 started"] {
                #expect(result.output.contains(words), "\(result.transcript)")
            }
            #expect(report.scenarios.map(\.model) == ["closed", "closed", "open"])
        }

        @Test func oneOfThemMayFailAlone() async throws {
            let port = try ReservedPort()
            let (result, report) = try await run(
                """
                serve: echo
                scenarios:
                  good:
                    url: ${server.url}
                    load:
                      vus: 2
                      iterations_per_vu: 3
                  bad:
                    url: ws://127.0.0.1:\(port.number)/
                on_open:
                  - close
                thresholds:
                  ws_session_failed{scenario=good}: rate == 0
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(report.sessions.attempted == 7 && report.sessions.failed == 1)
            #expect(report.thresholds.map(\.outcome) == ["passed"])
        }

        /// A threshold on failures in one scenario tolerates nothing in another.
        @Test func aScenarioThatNeverStartsIsNotPassed() async throws {
            let (result, _) = try await run(
                """
                serve: echo
                url: ${server.url}
                scenarios:
                  first:
                    on_open:
                      - stop_run: enough
                  second:
                    on_open:
                      - close
                    load:
                      vus: 1
                      duration: 10s
                      start_after: 20s
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains("the scenario 'second' never started"), "\(result.transcript)")
            #expect(result.elapsed < .seconds(10))
        }

        @Test func rowsAreDealtOnceToAllOfThem() async throws {
            let folder = try TemporaryDirectory()
            _ = try folder.write("name\n" + (0..<6).map { "row\($0)\n" }.joined(), to: "users.csv")
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    data:
                      users:
                        file: users.csv
                        per: vu
                        at_end: stop
                    on_open:
                      - log: row ${data.users.name}
                      - close
                    scenarios:
                      a:
                        load:
                          vus: 2
                          iterations_per_vu: 1
                      b:
                        load:
                          vus: 4
                          iterations_per_vu: 1
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let rows = result.errorLines.compactMap { $0.split(separator: " ").last.map(String.init) }
            #expect(rows.sorted() == (0..<6).map { "row\($0)" })
        }
    }
}
