import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Whether `wsplan` tells its own lateness from the server's.
    @Suite struct Generators {
        /// An open load that was stopped for half a second after the first of its four: a good tenth of what it had to do
        /// was late.
        private func stopped(
            _ thresholds: String, in folder: TemporaryDirectory, _ options: String...
        ) async throws -> ProcessRunner.Result {
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      rate: 200/s
                      duration: 4s
                      max_vus: 200
                    on_open:
                      - if: run.iteration == 200
                        then:
                          - log: a second is over
                      - send: hello
                    on_message:
                      - close
                    thresholds:
                      \(thresholds)
                    """, in: folder)
            runner.arguments += options
            runner.signals = [
                .init(SIGSTOP, shows: "a second is over"), .init(SIGCONT, after: .milliseconds(500)),
            ]
            return try await runner.run()
        }

        @Test func aProcessThatWasStoppedIsNotClean() async throws {
            let folder = try TemporaryDirectory()
            let result = try await stopped("ws_errors: count == 0", in: folder)
            #expect(result.exitCode == 0, "\(result.transcript)")
            let generator = try #require(try RunReport(contentsOf: folder.path(of: "report.json")).generator)
            #expect(generator.grade == "limited" && generator.longestLag >= 480, "\(result.transcript)")
            #expect(generator.due >= 800 && generator.due - generator.startedInTime >= 80, "\(generator)")
            #expect(result.output.contains("  generator: limited ("), "\(result.transcript)")
            #expect(result.output.contains("    a loop was held up for "), "\(result.transcript)")
        }

        /// No iteration that was due while the process was stopped can have been shorter than the rest of that time.
        @Test func aThresholdThatFailsForWantOfAGeneratorIsInconclusive() async throws {
            let folder = try TemporaryDirectory()
            let threshold = "iteration_duration: max < 100ms"
            let result = try await stopped(threshold, in: folder)
            #expect(result.exitCode == 4, "\(result.transcript)")
            #expect(result.output.contains("the generator was the bottleneck: "), "\(result.transcript)")
            #expect(try RunReport(contentsOf: folder.path(of: "report.json")).outcome == "inconclusive")

            let allowed = try await stopped(threshold, in: folder, "--allow-limited")
            #expect(allowed.exitCode == 1, "\(allowed.transcript)")
            #expect(allowed.output.contains("  generator: limited ("), "\(allowed.transcript)")
        }

        /// Both want the whole of one processor, and so each of them waits for it half of the time.
        @Test func aProcessBesideABusyLoopIsNotClean() async throws {
            let processor = try #require(Self.allowedProcessor)
            let loop = ["-c", processor, "/bin/sh", "-c", "while :; do :; done"]
            let busy = try ChildProcess("/usr/bin/taskset", loop, environment: [:])
            defer { busy.kill() }
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                load:
                  vus: 50
                  duration: 4s
                on_open:
                  - send: hello
                on_message:
                  - send: ${message.data}
                """, to: "plan.yaml")
            let report = folder.path(of: "report.json")
            let result = try await ProcessRunner(
                "/usr/bin/taskset", ["-c", processor, BuiltProducts.wsplan, "run", plan, "--report", "json=\(report)"]
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let generator = try #require(try RunReport(contentsOf: report).generator)
            #expect(generator.grade != "clean" && !generator.reasons.isEmpty, "\(result.transcript)")
            #expect(generator.waiting > 0.1, "\(result.transcript)")
        }

        /// The number of one of those that this process may use.
        private static var allowedProcessor: String? {
            guard let status = try? TextFile.read("/proc/self/status") else { return nil }
            let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
            return line?.split(separator: "\t").last.map { String($0.prefix { $0.isNumber }) }
        }

        @Test func aSmokeRunHasNoGenerator() async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: "serve: echo\nurl: ${server.url}\non_open:\n  - close\n", in: folder)
            runner.arguments += ["--smoke"]
            let result = try await runner.run()
            #expect(result.exitCode == 0 && !result.output.contains("generator:"), "\(result.transcript)")
            #expect(try RunReport(contentsOf: folder.path(of: "report.json")).generator == nil)
        }
    }
}
