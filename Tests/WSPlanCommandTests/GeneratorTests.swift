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

        /// Ticks that take several times their interval keep a loop busy all the time, and late; the load ends in its time all
        /// the same, however many users have ticks that are due.
        @Test(arguments: [(1, 0), (600, 0), (600, 1)])
        func aLoopWithoutTimeToSpareIsTheBottleneck(_ users: Int, graceSeconds: Int) async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      vus: \(users)
                      duration: 5s
                      graceful_stop: \(graceSeconds)s
                    on_open:
                      - every: 1ms
                        do:
                          - let:
                              squares: range(100000).map(i, i * i)
                    thresholds:
                      ws_msgs_sent: count > 0
                    """, in: folder)
            runner.arguments += ["--loops", "1"]
            let result = try await runner.run()
            #expect(result.exitCode == 4, "\(result.transcript)")
            #expect(result.output.contains("the generator was the bottleneck: "), "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            // And none of the sessions that were opened is cut off before it could close.
            let closes = "\ncloses\n  1001  by the load's end  \(report.sessions.opened)\n\n"
            #expect(result.output.contains(closes), "\(result.transcript)")
            #expect(report.generator?.grade == "limited", "\(result.transcript)")
            #expect(report.durationMilliseconds < 12_000, "\(result.transcript)")
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

        /// A user starts every 50 ms, and ten of forty while the process is stopped.
        @Test func startsOfVirtualUsersAreDueAsWell() async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load: {vus: 40, ramp_up: 2s, duration: 3s}
                    on_open:
                      - if: vu.id == 10
                        then: [{log: the tenth is here}]
                    """, in: folder)
            runner.signals = [
                .init(SIGSTOP, shows: "the tenth is here"), .init(SIGCONT, after: .milliseconds(500)),
            ]
            let result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let generator = try #require(try RunReport(contentsOf: folder.path(of: "report.json")).generator)
            #expect(generator.due == 40 && generator.startedInTime <= 32, "\(result.transcript)")
            #expect(generator.grade == "limited", "\(result.transcript)")
        }

        /// Stopped for half a second at some time from its launch on. Before the run starts that costs it nothing; from then
        /// on it costs it 50 of its 78 ticks, and no loop could see that if it had to have had its first turn for it.
        @Test func aProcessThatWasStoppedAtOnceIsNotClean() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                load: {vus: 2, duration: 800ms}
                on_open: [{every: 20ms, do: [{send: hello}]}]
                """, to: "plan.yaml")
            // A few at a time: all together would hold each other up.
            for delays in [[0, 10, 20, 30], [40, 50, 60, 70], [80, 90, 100, 110]] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for delay in delays {
                        group.addTask {
                            try await Self.expectNotClean(plan, stoppedAfterMilliseconds: delay, in: folder)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        private static func expectNotClean(
            _ plan: String, stoppedAfterMilliseconds delay: Int, in folder: TemporaryDirectory
        ) async throws {
            let report = folder.path(of: "report\(delay).json")
            var runner = EndToEnd.wsplan("run", plan, "--report", "json=\(report)")
            runner.signals = [
                .init(SIGSTOP, after: .milliseconds(delay)), .init(SIGCONT, after: .milliseconds(500)),
            ]
            let result = try await runner.run()
            let run = try RunReport(contentsOf: report)
            guard run.counter("ws_msgs_sent") ?? 0 < 40 else { return }
            let generator = try #require(run.generator)
            #expect(
                generator.grade != "clean" && generator.longestLag >= 100,
                "stopped after \(delay) ms: \(result.transcript)")
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
