import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Rows of data files, from the file to the wire.
    @Suite struct DataFiles {
        /// What the run says and logs, with a data source `users` of five rows and sessions that are closed at once.
        private static func run(
            _ options: String, load: String, log: String, _ arguments: String...
        ) async throws -> ProcessRunner.Result {
            try await run(
                options, load: load, events: "on_open:\n  - log: \"\(log)\"\n  - close", arguments: arguments)
        }

        private static func run(
            _ options: String, load: String, events: String, arguments: [String] = [], exitCode: Int32 = 0
        ) async throws -> ProcessRunner.Result {
            let folder = try TemporaryDirectory()
            try folder.write("name,note\nAda,one\n\"B\"\"ob\",\"two\r\nlines\"\nCy,\nDi,4\nEvé,5\n", to: "users.csv")
            let plan = """
                serve: echo
                url: ${server.url}
                data:
                  users:
                    file: users.csv
                \(options.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
                load:
                \(load.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
                \(events)
                """
            var runner = EndToEnd.wsplan("run", try folder.write(plan, to: "plan.yaml"), "--seed", "5")
            runner.arguments += arguments
            let result = try await runner.run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            return result
        }

        /// The words of the log behind the prefix of each line.
        private static func words(_ result: ProcessRunner.Result) -> [String] {
            result.error.split(separator: "\n").compactMap {
                $0.split(separator: "] ", maxSplits: 1).last.map(String.init)
            }
        }

        private static let everybody = ["Ada", "B\"ob", "Cy", "Di", "Evé"]

        @Test func areDealtOnceToAll() async throws {
            let result = try await Self.run("at_end: stop", load: "vus: 3\nduration: 1m", log: "${data.users.name}")
            #expect(Self.words(result).sorted() == Self.everybody, "\(result.transcript)")
            #expect(
                result.output.contains("the data source 'users' had no row left, which ended the scenario: it has 5"),
                "\(result.transcript)")
        }

        @Test(arguments: ["vus: 2\niterations: 5", "vus: 5\niterations_per_vu: 1"], ["1", "2"])
        func thatAreJustEnoughDoNotRunOut(_ load: String, _ loops: String) async throws {
            let result = try await Self.run("at_end: stop", load: load, log: "${data.users.name}", "--loops", loops)
            #expect(Self.words(result).sorted() == Self.everybody, "\(result.transcript)")
            #expect(!result.output.contains("no row left"), "\(result.transcript)")
        }

        /// Its session fails where it begins, while the schedule still has its turn.
        @Test func thatAreJustEnoughForSessionsThatFailDoNotRunOut() async throws {
            let result = try await Self.run(
                "at_end: stop", load: "vus: 5\niterations_per_vu: 1",
                events: "vars:\n  number: ${int(data.users.name)}\non_open:\n  - send: ${number}\n  - close",
                exitCode: 1)
            #expect(result.output.contains("5 of 5 sessions failed"), "\(result.transcript)")
            #expect(!result.output.contains("no row left"), "\(result.transcript)")
        }

        /// Nobody waits for users who would be started, or wake from a pause, to find that there is no row.
        @Test(
            arguments: [
                "vus: 4\nramp_up: 40s\nduration: 50s", "vus: 5\nramp_up: 500ms\npause: 40s\nduration: 50s",
                "start_rate: 50/s\nmax_vus: 2\nstages:\n  - duration: 120ms\n    target: 50/s\n  - duration: 1ms\n    target: 1/m\n"
                    + "  - duration: 2m\n    target: 1/m",
            ],
            ["1", "2"])
        func thatRunOutEndTheLoad(_ load: String, _ loops: String) async throws {
            let begin = ContinuousClock.now
            let result = try await Self.run("at_end: stop", load: load, log: "${data.users.name}", "--loops", loops)
            #expect(ContinuousClock.now - begin < .seconds(6), "\(result.transcript)")
            #expect(Self.words(result).sorted() == Self.everybody, "\(result.transcript)")
            #expect(result.output.contains("no row left"), "\(result.transcript)")
        }

        /// One who was stopped is the last to run, after those who found no row.
        @Test func thatRunOutEndTheLoadWithItsLastSession() async throws {
            let begin = ContinuousClock.now
            let result = try await Self.run(
                "at_end: stop",
                load: """
                    start_vus: 5
                    graceful_stop: 2s
                    stages:
                      - duration: 500ms
                        target: 4
                      - duration: 1h
                        target: 4
                      - duration: 1m
                        target: 9
                    """,
                events: """
                    on_open:
                      - log: ${data.users.name}
                      - wait: '${vu.id == 5 ? 1500 : 1000}ms'
                      - close
                    """)
            #expect(ContinuousClock.now - begin < .seconds(10), "\(result.transcript)")
            #expect(Self.words(result).sorted() == Self.everybody, "\(result.transcript)")
        }

        /// As many rows as users, or one fewer than there would be sessions: the users who have one are stopped one by one, as the
        /// stages say.
        @Test(arguments: [false, true], ["1", "2"])
        func thatRunOutLeaveTheStagesAlone(_ runOut: Bool, _ loops: String) async throws {
            let load = """
                start_vus: 0
                stages:
                  - duration: 200ms
                    target: 5
                  - duration: 500ms
                    target: 5
                  - duration: 1500ms
                    target: 0
                """
            let first = "on_open:\n  - if: run.iteration == 0\n    then:\n      - close\n"
            let last = "on_close:\n  - log: ${now_ms()} ${data.users.name}"
            let result = try await Self.run(
                "at_end: stop", load: load, events: (runOut ? first : "") + last, arguments: ["--loops", loops])
            let times = Self.words(result).compactMap { Int($0.split(separator: " ").first ?? "") }.sorted()
            let held = times.suffix(runOut ? 4 : 5)
            #expect(times.count == 5 && held[4] - held[5 - held.count] > 300, "\(result.transcript)")
            #expect(result.output.contains("no row left") == runOut, "\(result.transcript)")
        }

        @Test func areRecycled() async throws {
            let result = try await Self.run("order: sequential", load: "iterations: 7", log: "${data.users.name}")
            #expect(Self.words(result) == Self.everybody + ["Ada", "B\"ob"], "\(result.transcript)")
            #expect(!result.output.contains("no row left"), "\(result.transcript)")
        }

        @Test func areShuffledAnewInEachPass() async throws {
            let words = Self.words(
                try await Self.run("order: shuffle", load: "iterations: 10", log: "${data.users.name}"))
            #expect(Set(words.prefix(5)) == Set(Self.everybody) && Set(words.suffix(5)) == Set(Self.everybody))
            #expect(Array(words.prefix(5)) != Array(words.suffix(5)))
        }

        @Test func belongToTheirUserForGood() async throws {
            let words = Self.words(
                try await Self.run(
                    "per: vu\nat_end: stop", load: "vus: 7\niterations_per_vu: 2", log: "${vu.id} ${data.users.name}"))
            let expected = Self.everybody.enumerated().map { "\($0.offset + 1) \($0.element)" }.flatMap { [$0, $0] }
            #expect(words.sorted() == expected)
        }

        /// Users who have none take no iteration from those who do.
        @Test func thatBelongToSomeUsersLeaveThemAllIterations() async throws {
            let result = try await Self.run(
                "per: vu\nat_end: stop", load: "vus: 7\niterations: 10", log: "${data.users.name}")
            #expect(Self.words(result).count == 10, "\(result.transcript)")
            let notice = "the data source 'users' had no row for some virtual users, who did not run: it has 5"
            #expect(result.output.contains(notice), "\(result.transcript)")
        }

        @Test func keepWhatTheirCellsHold() async throws {
            let words = Self.words(
                try await Self.run("order: sequential", load: "iterations: 3", log: "${to_json(data.users)}"))
            #expect(
                words == [
                    #"{"name":"Ada","note":"one"}"#, #"{"name":"B\"ob","note":"two\r\nlines"}"#,
                    #"{"name":"Cy","note":""}"#,
                ])
        }

        @Test func ofJSONKeepTheirTypes() async throws {
            let folder = try TemporaryDirectory()
            try folder.write(#"[{"id": 1, "tags": ["a"]}, {"id": 2.5, "tags": null}]"#, to: "rows.json")
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}?${data.rows.id}
                data:
                  rows:
                    file: rows.json
                load:
                  iterations: 2
                on_open:
                  - log: "${to_json([data.rows.id * 2, data.rows.tags, data.rows])}"
                  - close
                """, to: "plan.yaml")
            let result = try await EndToEnd.wsplan("run", plan).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(
                Self.words(result) == [
                    #"[2,["a"],{"id":1,"tags":["a"]}]"#, #"[5,null,{"id":2.5,"tags":null}]"#,
                ])
        }

        /// Nothing that is no file is opened, or a FIFO without a writer would hold `lint` up for ever.
        @Test func areFilesInThePlansFolder() async throws {
            let folder = try TemporaryDirectory()
            let outside = try TemporaryDirectory()
            try outside.write("a\n1\n", to: "x.csv")
            _ = try folder.makeDirectory("folder.csv")
            #expect(mkfifo(folder.path(of: "fifo.csv"), 0o600) == 0)
            #expect(symlink("/dev/zero", folder.path(of: "device.csv")) == 0)
            #expect(symlink(outside.path, folder.path(of: "elsewhere")) == 0)
            #expect(symlink("loop.csv", folder.path(of: "loop.csv")) == 0)
            let large = try folder.write("a\n", to: "large.csv")
            #expect(truncate(large, 256 << 20 + 1) == 0)
            for (file, words) in [
                ("folder.csv", "is a directory, not a file"), ("fifo.csv", "is a FIFO, not a file"),
                ("device.csv", "lies outside of the plan's folder"),
                ("elsewhere/x.csv", "lies outside of the plan's folder"),
                ("loop.csv", "is a link that leads to itself"),
                ("large.csv", "is larger than the 256 MiB that such a file may have"), ("no.csv", "does not exist"),
            ] {
                let plan = try folder.write(
                    "url: ws://127.0.0.1:1/\ndata:\n  rows:\n    file: \(file)\non_open:\n  - send: ${data.rows.a}\n  - close\n",
                    to: "plan.yaml")
                for command in ["lint", "run", "compile"] {
                    let result = try await EndToEnd.wsplan(command, plan).run()
                    #expect(result.exitCode == 2, "\(result.transcript)")
                    let text = result.output + result.error
                    #expect(text.contains("plan.yaml:4:11: error: '\(file)' \(words) [WSP315]"), "\(result.transcript)")
                }
            }
        }
    }
}
