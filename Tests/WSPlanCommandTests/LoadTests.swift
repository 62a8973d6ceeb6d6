import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Loads of every shape, whole and in shards.
    @Suite struct Loads {
        /// A load, what its sessions do, and what has to come of it.
        struct Shape: Sendable, CustomTestStringConvertible {
            var load: String
            /// Whether a session stays open until the load ends it; else it is closed at once.
            var holds = false
            var sessions: Int
            var mostUsers: Int
            /// Whether nothing but the plan and the seed says which user does what.
            var isFixed = true

            var testDescription: String { load.split(separator: "\n").joined(separator: ", ") }

            /// What tells one iteration from another, whoever has made it, is logged.
            var plan: String {
                let load = load.split(separator: "\n").map { "\n  " + $0 }.joined()
                let identity =
                    isFixed ? "user ${vu.id} ${vu.iteration} ${random_int(1, 1000000000)}" : "turn ${run.iteration}"
                return """
                    serve: echo
                    url: ${server.url}
                    load:\(load)
                    on_open:
                      - log: \(identity)\(holds ? "" : "\n  - close")
                    """
            }
        }

        private static let shapes = [
            Shape(load: "vus: 6\nduration: 600ms", holds: true, sessions: 6, mostUsers: 6),
            Shape(load: "vus: 3\niterations: 10", sessions: 10, mostUsers: 3, isFixed: false),
            Shape(load: "vus: 5\niterations_per_vu: 4", sessions: 20, mostUsers: 5),
            Shape(
                load: "start_vus: 0\nstages:\n  - duration: 500ms\n    target: 5\n  - duration: 500ms\n    target: 0",
                holds: true, sessions: 5, mostUsers: 5),
            Shape(load: "rate: 40/s\nduration: 1s\nmax_vus: 30", sessions: 40, mostUsers: 30, isFixed: false),
            Shape(
                load: "start_rate: 0/s\nstages:\n  - duration: 1s\n    target: 80/s\nmax_vus: 30", sessions: 40,
                mostUsers: 30, isFixed: false),
        ]

        @Test(arguments: shapes, ["1", "2"]) func makesTheSessionsThatItPromises(_ shape: Shape, _ loops: String)
            async throws
        {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: shape.plan, in: folder)
            runner.arguments += ["--loops", loops]
            let result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.sessions.opened == shape.sessions, "\(result.transcript)")
            #expect(report.counter("iterations") == shape.sessions)
            #expect(report.counter("dropped_iterations") ?? 0 == 0)
            let users = try #require(report.gauges.first { $0.metric == "vus" })
            #expect(users.last == 0 && users.max <= Double(shape.mostUsers))
            if shape.holds { #expect(users.max == Double(shape.mostUsers), "\(result.transcript)") }
            #expect(report.gauges.first { $0.metric == "vus_max" }?.max == Double(shape.mostUsers))
            let scenario = try #require(report.scenarios.first)
            #expect(scenario.model == (scenario.arrivals == nil ? "closed" : "open"))
            if let arrivals = scenario.arrivals {
                #expect(arrivals.due == shape.sessions && arrivals.started == shape.sessions)
                #expect(report.trend("timer_lag")?.count == shape.sessions)
            }
        }

        /// Nobody waits for users who would be started, or wake from a pause, to find that there is nothing to do: 10 s and 4.5 s
        /// after the beginning.
        @Test(
            arguments: ["vus: 4\nramp_up: 40s\niterations: 2", "vus: 2\nramp_up: 4s\npause: 2500ms\niterations: 3"],
            ["1", "2"])
        func endsWithItsLastIteration(_ load: String, _ loops: String) async throws {
            let folder = try TemporaryDirectory()
            let shape = Shape(load: load, sessions: 0, mostUsers: 0, isFixed: false)
            var runner = try EndToEnd.run(plan: shape.plan, in: folder)
            runner.arguments += ["--loops", loops]
            let begin = ContinuousClock.now
            let result = try await runner.run()
            #expect(ContinuousClock.now - begin < .seconds(4), "\(result.transcript)")
            #expect(result.exitCode == 0 && result.errorLines.count { $0.contains("] turn ") } == Int(load.suffix(1)))
        }

        @Test(arguments: shapes) func fourShardsAreTheWholeRun(_ shape: Shape) async throws {
            let folder = try TemporaryDirectory()
            func lines(_ arguments: String...) async throws -> [String] {
                var runner = try EndToEnd.run(plan: shape.plan, in: folder)
                runner.arguments += ["--seed", "7"] + arguments
                let result = try await runner.run()
                // A part of three users in four has one without any.
                #expect(
                    result.exitCode == 0 || result.output.contains("no session was attempted"), "\(result.transcript)")
                return result.errorLines.compactMap { line in
                    line.range(of: "] ").map { String(line[$0.upperBound...]) }
                }
            }
            let whole = try await lines()
            #expect(whole.count == shape.sessions && Set(whole).count == shape.sessions)
            var parts: [String] = []
            for shard in 1...4 { parts += try await lines("--shard", "\(shard)/4") }
            #expect(parts.sorted() == whole.sorted())
        }

        /// What reads rows, and which sources it reads. Also where parts have no users at all.
        private static let readers = [
            "load: {vus: 3, duration: 30s}", "load: {vus: 2, duration: 30s}",
            "scenarios: {few: {load: {vus: 1, duration: 30s}}, more: {load: {vus: 3, duration: 30s}}}",
        ]

        @Test(arguments: readers) func shardsDealEveryRowOnce(_ readers: String) async throws {
            let plan = """
                \(readers)
                data: {users: {file: users.csv, order: shuffle, at_end: stop}}
                on_open: [{log: "got ${data.users.name}"}, close]
                """
            let rows = try await dealtRows(of: plan, inShards: 4)
            #expect(rows.sorted() == (0..<12).map { "got row\($0)" }.sorted())
        }

        @Test(arguments: ["{vus: 2, iterations: 10}", "{rate: 50/s, duration: 200ms, max_vus: 2}"])
        func shardsDealTheRowsOfTheWholeRun(_ load: String) async throws {
            let plan = """
                load: \(load)
                data: {users: {file: users.csv}}
                on_open: [{log: "got ${data.users.name}"}, close]
                """
            let rows = try await dealtRows(of: plan, inShards: 4)
            #expect(rows.sorted() == (0..<10).map { "got row\($0)" })
        }

        /// What the shards of a plan log, with a table of twelve rows.
        private func dealtRows(of plan: String, inShards count: Int) async throws -> [String] {
            let folder = try TemporaryDirectory()
            _ = try folder.write("name\n" + (0..<12).map { "row\($0)\n" }.joined(), to: "users.csv")
            var lines: [String] = []
            for shard in 1...count {
                var runner = try EndToEnd.run(plan: "serve: echo\nurl: ${server.url}\n" + plan, in: folder)
                runner.arguments += ["--seed", "3", "--shard", "\(shard)/\(count)"]
                let result = try await runner.run()
                #expect(
                    result.exitCode == 0 || result.output.contains("no session was attempted"), "\(result.transcript)")
                lines += result.errorLines.compactMap { line in
                    line.range(of: "got ").map { String(line[$0.lowerBound...]) }
                }
            }
            return lines
        }

        @Test(arguments: ["1", "2"]) func anArrivalWithoutAFreeUserIsDropped(_ loops: String) async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      rate: 30/s
                      duration: 1s
                      max_vus: 2
                    on_message:
                      - close
                    thresholds:
                      dropped_iterations: count == 28
                    """, in: folder)
            runner.arguments += ["--loops", loops]
            let result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let arrivals = try #require(report.scenarios.first?.arrivals)
            #expect(arrivals.due == 30 && arrivals.started == 2 && arrivals.dropped == 28)
            #expect(report.counter("ws_sessions") == 2)
            #expect(
                result.output.contains("28 of 30 arrivals of 'default' found none of its 2 virtual users free"),
                "\(result.transcript)")
        }

        /// Coordinated omission, where there are enough times that somebody would take them for the server's.
        @Test(arguments: [
            ("{vus: 2, iterations: 120}", 1, true), ("{vus: 20, iterations: 100}", 1, false), ("{vus: 2}", 60, true),
            ("{rate: 400/s, duration: 300ms, max_vus: 50}", 1, false),
        ]) func aClosedLoadSaysWhatItCannotSee(_ load: String, _ count: Int, _ isSaid: Bool) async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load: \(load)
                    on_open:
                      - repeat: \(count)
                        do: [{send: hello}, {await: any}]
                      - close
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("'default' is a closed load: ") == isSaid, "\(result.transcript)")
        }

        /// A user that waits for its session's end is nobody's: the loop that has a free one gets the arrival.
        @Test func arrivalsFindAFreeUserOnAnyLoop() async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      rate: 100/s
                      duration: 1s
                      max_vus: 8
                    on_open:
                      - if: vu.id > 1
                        then:
                          - wait: 10s
                      - close
                    """, in: folder)
            runner.arguments += ["--loops", "2"]
            let result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let arrivals = try #require(report.scenarios.first?.arrivals)
            #expect(arrivals.due == 100 && arrivals.started + arrivals.dropped == 100)
            // The first user alone serves most of them, whichever loop it is on.
            #expect(arrivals.started > 50, "\(result.transcript)")
        }

        /// An open load of 2 s that is stopped for a while after the first of them.
        private func stopped(
            _ pause: Duration, in folder: TemporaryDirectory, signal: Int32 = SIGSTOP
        ) async throws -> (ProcessRunner.Result, RunReport) {
            var runner = try EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load: {rate: 500/s, duration: 2s, max_vus: 1000}
                    on_open:
                      - if: run.iteration == 500
                        then: [{log: a second is over}]
                      - close
                    thresholds: {dropped_iterations: count == 0}
                    """, in: folder)
            runner.signals = [.init(signal, shows: "a second is over")]
            if signal == SIGSTOP { runner.signals.append(.init(SIGCONT, after: pause)) }
            let result = try await runner.run()
            return (result, try RunReport(contentsOf: folder.path(of: "report.json")))
        }

        /// A tenth of the arrivals were due in the first 200 ms of the time that it was stopped, and few were under way then.
        @Test func latencyCountsFromWhenAnArrivalWasDue() async throws {
            let folder = try TemporaryDirectory()
            let (result, report) = try await stopped(.milliseconds(500), in: folder)
            #expect(report.trend("timer_lag")?.count == 1000, "\(result.transcript)")
            let iterations = try #require(report.trend("iteration_duration"))
            #expect(iterations.p90 >= 200, "\(result.transcript)")
        }

        /// What was due while it was stopped begins late, also when the load has ended meanwhile; or never, when it is too late
        /// for that.
        @Test(arguments: [(1500, nil), (2500, "were due before its end and were dropped")] as [(Int, String?)])
        func arrivalsThatAreDueAtTheEndAreNotLost(_ pause: Int, _ notice: String?) async throws {
            let folder = try TemporaryDirectory()
            let (result, report) = try await stopped(.milliseconds(pause), in: folder)
            let arrivals = try #require(report.scenarios.first?.arrivals)
            #expect(arrivals.due == 1000 && arrivals.started + arrivals.dropped == 1000, "\(result.transcript)")
            let generator = try #require(report.generator)
            #expect(generator.due == 1000 && generator.due - generator.startedInTime >= 300, "\(result.transcript)")
            #expect(generator.grade == "limited", "\(result.transcript)")
            guard let notice else { return }
            #expect(arrivals.dropped >= 300 && result.exitCode == 4, "\(result.transcript)")
            #expect(report.notices.contains { $0.contains(notice) }, "\(report.notices)")
        }

        @Test func whatIsDueAfterAnInterruptIsNotDue() async throws {
            let folder = try TemporaryDirectory()
            let (result, report) = try await stopped(.zero, in: folder, signal: SIGINT)
            #expect(result.exitCode == 130, "\(result.transcript)")
            let arrivals = try #require(report.scenarios.first?.arrivals)
            #expect((501...1000).contains(arrivals.due), "\(result.transcript)")
            #expect(arrivals.started + arrivals.dropped == arrivals.due, "\(result.transcript)")
        }

        @Test func aStoppedUserHasTheGraceOfTheLoad() async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(
                plan: """
                    serve: echo
                    url: ${server.url}
                    load:
                      start_vus: 3
                      stages:
                        - duration: 200ms
                          target: 0
                        - duration: 600ms
                          target: 0
                      graceful_stop: 10s
                    on_open:
                      - wait: 500ms
                      - close
                    on_close:
                      - log: closed by ${close.by}
                    """, in: folder
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.errorLines.map { $0.suffix(14) } == Array(repeating: "closed by plan", count: 3))
            #expect(result.elapsed < .seconds(8))
        }

        @Test(arguments: ["0/4", "5/4", "1", "1/0", "-1/4", "a/b", "1/2/3", ""])
        func shardsThatAreNone(_ shard: String) async throws {
            let result = try await EndToEnd.wsplan("run", EndToEnd.plans + "/echo.yaml", "--shard", shard).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
        }
    }
}
