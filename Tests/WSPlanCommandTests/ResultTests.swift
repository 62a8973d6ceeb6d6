import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// `wsplan report`: what it makes of the results that runs have written.
    @Suite struct Results {
        /// Sessions that all send the same, whoever makes them, and thresholds that only the whole meets.
        private static let shared = """
            serve: echo
            url: ${server.url}
            load:
              vus: 6
              iterations_per_vu: 5
            metrics:
              parts: counter
              size: trend
            on_open:
              - send: hello ${vu.id}
              - await: message.text.startsWith("hello")
                name: echo
              - check:
                  it is an echo: message.size == 7
              - record:
                  parts: 0.1
                  size: vu.id
              - group: second
                do:
                  - send: again
                  - await: any
                    name: second
              - close
            thresholds:
              ws_sessions: count == 30
              ws_msgs_sent{group=second}: count == 30
              ws_await{name=echo}: [count == 30, p(95) < 30s]
              checks: rate == 100%
              parts: count == 3
              size: [max == 6, med >= 3]
              ws_msgs_received:
                that: count <= 60
                abort: true
            """

        private let folder: TemporaryDirectory

        init() throws { folder = try TemporaryDirectory() }

        private func run(_ plan: String, _ arguments: String..., result: String) async throws -> ProcessRunner.Result {
            var runner = EndToEnd.wsplan("run", plan, "--report", "json=\(folder.path(of: result))")
            runner.arguments += arguments
            return try await runner.run()
        }

        /// Writes the results of all shards of a plan, and gives their files.
        private func shards(_ plan: String, count: Int) async throws -> [String] {
            var paths: [String] = []
            for shard in 1...count {
                let name = "shard-\(shard).json"
                _ = try await run(plan, "--seed", "7", "--shard", "\(shard)/\(count)", result: name)
                paths.append(folder.path(of: name))
            }
            return paths
        }

        private func report(_ paths: [String], _ arguments: String...) async throws -> ProcessRunner.Result {
            try await ProcessRunner(BuiltProducts.wsplan, ["report"] + paths + arguments).run()
        }

        private func expectValid(_ path: String) async throws {
            let schema = BuiltProducts.packageRoot + "/schemas/report.schema.json"
            let validation = try await ProcessRunner(
                BuiltProducts.python, ["-I", EndToEnd.servers + "/validate.py", schema, path]
            ).run()
            #expect(validation.exitCode == 0, "\(validation.transcript)")
        }

        // MARK: Merging

        @Test func theShardsTogetherAreTheWhole() async throws {
            let plan = try folder.write(Self.shared, to: "plan.yaml")
            let whole = try await run(plan, "--seed", "7", result: "whole.json")
            #expect(whole.exitCode == 0, "\(whole.transcript)")
            let paths = try await shards(plan, count: 4)
            let merged = folder.path(of: "merged.json")
            let result = try await report(
                paths.reversed(), "--report", "json=\(merged)", "--report", "junit=\(folder.path(of: "merged.xml"))")
            #expect(result.exitCode == 0, "\(result.transcript)")
            for path in paths + [merged] { try await expectValid(path) }

            let (one, all) = (
                try RunReport(contentsOf: folder.path(of: "whole.json")), try RunReport(contentsOf: merged)
            )
            #expect(all.sessions.attempted == 30 && all.sessions.opened == 30 && all.sessions.failed == 0)
            for name in ["ws_sessions", "ws_msgs_sent", "ws_msgs_received", "iterations", "parts"] {
                #expect(all.counter(name) == one.counter(name), "\(name)")
            }
            #expect(all.checks.map(\.passes) == one.checks.map(\.passes))
            #expect(all.trends.map(\.metric) == one.trends.map(\.metric))
            #expect(all.trends.map(\.count) == one.trends.map(\.count))
            let sizes = [one, all].compactMap { $0.trend("size") }
            #expect(sizes.map(\.med) == [3, 3] && sizes.map(\.max) == [6, 6])
            #expect(all.thresholds.allSatisfy { $0.outcome == "passed" })
            #expect(all.seed == 7)

            let parts = try paths.map { try Measurements(contentsOf: $0) }
            #expect(try Measurements(contentsOf: merged) == parts.dropFirst().reduce(parts[0]) { $0 + $1 })
            // No shard by itself has met them.
            #expect(try RunReport(contentsOf: paths[0]).outcome != "passed")
            // What was merged is a result like any other.
            let again = try await report([merged])
            #expect(again.output == result.output && again.exitCode == 0, "\(again.transcript)")
        }

        @Test func aFailureInOneShardFailsTheRun() async throws {
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                load:
                  vus: 3
                  iterations_per_vu: 1
                on_open:
                  - check:
                      nobody is second: vu.id != 2
                  - mark: start
                  - close
                """, to: "plan.yaml")
            let result = try await report(try await shards(plan, count: 3))
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains("1 of 3 sessions failed"), "\(result.transcript)")
            #expect(result.output.contains("first: VU 2, iteration 0"), "\(result.transcript)")
            #expect(result.output.contains("nobody is second: vu.id != 2"), "\(result.transcript)")
            #expect(result.output.contains("3 VUs, 1 iteration each, closed load"), "\(result.transcript)")
        }

        // MARK: One result

        /// A plan, and what its run is given.
        private static let plans: [(plan: String, arguments: [String])] =
            Reports.plans.map { ($0, []) } + [
                (Reports.hostilePlan, []),
                (shared, ["--smoke"]),
                (
                    """
                    serve: echo
                    url: ${server.url}
                    env:
                      LIMIT:
                        default: 31s
                    load:
                      vus: 2
                      duration: 20s
                    on_open:
                      - every: 20ms
                        do:
                          - send: hello
                    thresholds:
                      ws_msgs_sent:
                        that: rate > 1000000/s
                        window: 1s
                        abort: true
                      ws_connecting: p(99.9) < ${env.LIMIT}
                    """, []
                ),
                // A failure before `after`, and one behind the last full window.
                (
                    """
                    serve: echo
                    url: ${server.url}
                    load:
                      vus: 1
                      duration: 1450ms
                    on_open:
                      - check:
                          it is in the middle: vu.iteration == 1
                      - wait: 700ms
                      - close
                    thresholds:
                      checks:
                        that: rate > 50%
                        after: 500ms
                        window: 500ms
                    """, []
                ),
            ]

        @Test(arguments: plans.indices) func oneResultIsJudgedAsItsRunWas(_ index: Int) async throws {
            let plan = try folder.write(Self.plans[index].plan, to: "plan.yaml")
            var runner = EndToEnd.wsplan("run", plan, "--report", "json=\(folder.path(of: "result.json"))")
            runner.arguments += Self.plans[index].arguments
            let run = try await runner.run()
            try await expectValid(folder.path(of: "result.json"))
            let result = try await report([folder.path(of: "result.json")])
            #expect(result.output == run.output, "\(result.transcript)")
            #expect(result.ending == run.ending && result.error.isEmpty, "\(result.transcript)")
        }

        @Test func theResultsOfSeveralPlansAreOneList() async throws {
            let plans = try Reports.plans.enumerated().map { try folder.write($1, to: "plan-\($0).yaml") }
            let path = folder.path(of: "result.json")
            let run = try await ProcessRunner(
                BuiltProducts.wsplan, ["run"] + plans + ["--report", "json=\(path)"]
            ).run()
            try await expectValid(path)
            let again = folder.path(of: "again.json")
            let result = try await report([path], "--report", "json=\(again)")
            #expect(result.output == run.output && result.ending == run.ending, "\(result.transcript)")
            #expect(try TextFile.read(again) == TextFile.read(path))
        }

        // MARK: What is no result

        @Test func shardsThatDoNotMakeARunAreRefused() async throws {
            let plan = try folder.write("serve: echo\nurl: ${server.url}\non_open:\n  - close\n", to: "plan.yaml")
            let paths = try await shards(plan, count: 3)
            _ = try await run(plan, "--seed", "8", "--shard", "2/3", result: "seed.json")
            _ = try await run(plan, "--seed", "7", "--shard", "2/2", result: "count.json")
            _ = try await run(plan, "--seed", "7", "--shard", "2/3", "--vus", "2", result: "load.json")
            _ = try await run(plan, "--seed", "7", result: "whole.json")
            try folder.write("serve: echo\nurl: ${server.url}\non_open:\n  - close:\n", to: "other.yaml")
            _ = try await run(
                folder.path(of: "other.yaml"), "--seed", "7", "--shard", "2/3", result: "plan.json")
            let cases: [([String], String)] = [
                (
                    [paths[0], folder.path(of: "seed.json"), paths[2]],
                    "seed.json has another seed (8, where all shards"
                ),
                ([paths[0], folder.path(of: "plan.json"), paths[2]], "plan.json is of another plan than "),
                ([paths[0], folder.path(of: "load.json"), paths[2]], "load.json has another load, other scenarios or"),
                ([paths[0], folder.path(of: "count.json")], "count.json is shard 2/2, and "),
                ([paths[0], paths[1], paths[0]], "shard-1.json is shard 1/3, and so is "),
                ([paths[0], paths[2]], "shard 2 of 3 is missing"),
                ([paths[1]], "shards 1 and 3 of 3 are missing"),
                ([paths[0], folder.path(of: "whole.json")], "whole.json holds a whole run"),
            ]
            for (paths, problem) in cases {
                let result = try await report(paths)
                #expect(result.exitCode == 2, "\(result.transcript)")
                #expect(result.error.contains(problem), "\(problem)\n\(result.transcript)")
                #expect(result.output.isEmpty, "\(result.transcript)")
            }
            #expect(try await report(paths).exitCode == 0)
        }

        @Test func filesThatAreNoResultAreRefusedWithTheirPlace() async throws {
            let plan = EndToEnd.plans + "/basic.yaml"
            _ = try await run(plan, result: "result.json")
            let text = try TextFile.read(folder.path(of: "result.json"))
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            try folder.write(String(text.utf8.prefix(text.utf8.count / 2)) ?? "", to: "cut.json")
            try folder.write(text.replacing("\"wsplan_report\": 1", with: "\"wsplan_report\": 2"), to: "version.json")
            try folder.write(text.replacing("\"version\":1", with: "\"version\":9"), to: "measurements.json")
            try folder.write(text.replacing("\"smoke\": false", with: "\"smoke\": maybe"), to: "damaged.json")
            try folder.write("[]", to: "nothing.json")
            try folder.write("", to: "empty.json")
            try folder.write("{\"name\": \"a plan\"}", to: "plan.json")
            try folder.write("", to: "large.json")
            #expect(truncate(folder.path(of: "large.json"), 2 << 30) == 0)
            let smoke = (lines.firstIndex { $0.contains("\"smoke\"") } ?? 0) + 1
            let last = lines.count - 2
            let cases = [
                ("cut.json", "cut.json:"),
                (
                    "version.json",
                    "version.json:2:20: a report of version 2, which this version of wsplan does not know"
                ),
                ("measurements.json", "measurements.json:\(last):30: measurements of version 9, which"),
                ("damaged.json", "damaged.json:\(smoke):"),
                ("nothing.json", "nothing.json holds no result"),
                ("empty.json", "empty.json:1:1: "),
                ("plan.json", "plan.json:1:1: 'wsplan_report' is missing"),
                ("large.json", "large.json is larger than the 1024 MiB"),
                ("absent.json", "absent.json does not exist"),
                (".", " is a directory, not a file"),
            ]
            for (name, problem) in cases {
                let result = try await report([folder.path(of: name)])
                #expect(result.exitCode == 2, "\(result.transcript)")
                #expect(result.error.contains(problem), "\(problem)\n\(result.transcript)")
            }
        }

        /// JSON has no infinity, and no run such a level: what was made up is judged and written down all the same.
        @Test func levelsThatNoRunHasStopNobody() async throws {
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                metrics:
                  depth: gauge
                on_open:
                  - record:
                      depth: 1
                  - close
                """, to: "plan.yaml")
            _ = try await run(plan, result: "result.json")
            let text = try TextFile.read(folder.path(of: "result.json"))
            let changed = text.replacing("\"level\":[1,1,1,", with: "\"level\":[1,\"inf\",\"nan\",")
            try #require(changed != text)
            try folder.write(changed, to: "changed.json")
            let result = try await report(
                [folder.path(of: "changed.json")], "--report", "json=\(folder.path(of: "again.json"))")
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(try TextFile.read(folder.path(of: "again.json")).contains("\"max\": null"))
        }

        /// Exit code 70: our own counts contradict each other. No plan makes a run do that; a result that was changed does. Nothing
        /// comes before it but what was not run.
        @Test(arguments: ["", "expect: {closed_by: peer}\n", "thresholds: {ws_sessions: count == 5}\n"])
        func countsThatDoNotAddUpAreADefect(_ rest: String) async throws {
            let plan = try folder.write(
                "serve: echo\nurl: ${server.url}\nload: {vus: 1, iterations_per_vu: 4}\non_open: [close]\n" + rest,
                to: "plan.yaml")
            _ = try await run(plan, result: "result.json")
            let path = folder.path(of: "result.json")
            let sound = try await report([path])
            #expect(sound.exitCode == (rest.isEmpty ? 0 : 1), "\(sound.transcript)")
            let text = try TextFile.read(path)
            let changed = text.replacing("\"attempted\": 4", with: "\"attempted\": 5")
            try #require(changed != text)
            try folder.write(changed, to: "changed.json")
            let result = try await report([folder.path(of: "changed.json")])
            #expect(result.exitCode == 70, "\(result.transcript)")
            #expect(result.verdict.contains("plan met a defect of wsplan (exit code 70)"), "\(result.transcript)")
            let reason = "the counts of 'default' do not add up: 5 sessions attempted, but 4 counted by ws_sessions"
            #expect(result.verdict.contains(reason), "\(result.transcript)")
            #expect(rest.isEmpty || result.verdict.contains(sound.verdict.split(separator: "\n").last ?? "?"))
            // Of several results too it comes first.
            try folder.write("[\(text),\(changed)]", to: "both.json")
            #expect(try await report([folder.path(of: "both.json")]).exitCode == 70)
        }

        @Test func whatCannotBeWrittenIsSaid() async throws {
            _ = try await run(EndToEnd.plans + "/basic.yaml", result: "result.json")
            let path = folder.path(of: "result.json")
            for destination in ["json=/dev/full", "junit=/nonexistent/report"] {
                let result = try await report([path], "--report", destination)
                #expect(result.exitCode == 3, "\(result.transcript)")
            }
            // It is read before it is written.
            let before = try TextFile.read(path)
            #expect(try await report([path], "--report", "json=\(path)").exitCode == 0)
            #expect(try TextFile.read(path) == before)
        }
    }
}

/// What the series of a result hold, as a reader that is not ours adds it up.
private struct Measurements: Equatable {
    /// By metric and tags: numbers by their names, which add up.
    private var sums: [String: [String: Decimal]] = [:]
    private var extremes: [String: [Decimal]] = [:]

    init(contentsOf path: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(try TextFile.read(path).utf8)) as? [String: Any]
        let measurements = object?["measurements"] as? [String: Any]
        for series in measurements?["series"] as? [[String: Any]] ?? [] {
            let tags = (series["tags"] as? [String: String] ?? [:]).sorted { $0.key < $1.key }
            let name = "\(series["metric"] ?? "")\(tags.map { "\($0)=\($1)" })"
            if let count = series["counter"] ?? series["amount"] {
                sums[name, default: [:]]["sum"] = Self.number(count)
            }
            for (index, count) in (series["rate"] as? [Any] ?? []).enumerated() {
                sums[name, default: [:]]["rate \(index)"] = Self.number(count)
            }
            guard let trend = series["trend"] as? [String: Any] else { continue }
            sums[name, default: [:]]["sum"] = Self.number(trend["sum"])
            let buckets = (trend["buckets"] as? [Any] ?? []).map { Self.number($0) }
            for index in stride(from: 0, to: buckets.count, by: 2) {
                sums[name, default: [:]]["bucket \(buckets[index])"] = buckets[index + 1]
            }
            if !buckets.isEmpty { extremes[name] = [Self.number(trend["min"]), Self.number(trend["max"])] }
        }
    }

    private static func number(_ value: Any?) -> Decimal {
        value.flatMap { Decimal(string: "\($0)") } ?? .nan
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        for (name, numbers) in right.sums {
            sum.sums[name, default: [:]].merge(numbers) { $0 + $1 }
        }
        sum.extremes.merge(right.extremes) { [min($0[0], $1[0]), max($0[1], $1[1])] }
        return sum
    }
}
