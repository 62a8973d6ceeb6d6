import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Where there are several kinds of news, the exit code is that of the first of them (plan-language.md §6): 2; 3 before the
    /// run; 130 or 143; 1 for an expectation; 4; 1 for a threshold; 3 for a report that could not be written. None hides the
    /// others: the verdict gives all of its reasons.
    @Suite struct ExitCodeOrder {
        private static let target = "serve: echo\nurl: ${server.url}\n"
        private static let strict = "thresholds: {ws_connecting: max < 1us}\n"
        private static let passing = target + "on_open: [close]\n"
        /// A threshold fails.
        private static let slow = passing + strict
        /// An expectation and a threshold fail.
        private static let wrong = slow + "expect: {closed_by: peer}\n"
        private static let invalid = passing + "tresholds: {}\n"
        private static let tooBig = passing + "load: {vus: 500}\n"

        /// Plans that are run one after another, and what comes of them.
        struct Several: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var plans: [String]
            var options: [String] = []
            var exitCode: Int32
            /// What the first verdict gives as its reasons or, where nothing is run, standard error says.
            var reasons: [String]
            /// Whether any of them is run.
            var isRun = true
        }

        private static let several = [
            Several(
                testDescription: "an invalid plan comes before one that cannot be run here", plans: [tooBig, invalid],
                exitCode: 2, reasons: ["unknown key 'tresholds'"], isRun: false),
            Several(
                testDescription: "an invalid plan comes before a report that cannot be opened", plans: [invalid],
                options: ["--report", "json=/nonexistent/report"], exitCode: 2, reasons: ["unknown key 'tresholds'"],
                isRun: false),
            Several(
                testDescription: "a wrong command line comes before a plan that cannot be run here", plans: [tooBig],
                options: ["--shard", "3/2"], exitCode: 2, reasons: ["--shard"], isRun: false),
            Several(
                testDescription: "a plan that cannot be run here comes before one that fails", plans: [wrong, tooBig],
                exitCode: 3, reasons: ["file descriptors"], isRun: false),
            Several(
                testDescription: "a report that cannot be opened is known before anything fails", plans: [wrong],
                options: ["--report", "json=/nonexistent/report"], exitCode: 3, reasons: ["/nonexistent/report"],
                isRun: false),
            Several(
                testDescription: "an expectation comes before a threshold and a report that cannot be written",
                plans: [wrong], options: ["--report", "json=/dev/full"], exitCode: 1,
                reasons: [
                    "1 failed check: closed by peer", "threshold ws_connecting: max < 1us",
                    "cannot write the report /dev/full",
                ]),
            Several(
                testDescription: "a threshold comes before a report that cannot be written", plans: [slow],
                options: ["--report", "json=/dev/full"], exitCode: 1,
                reasons: ["threshold ws_connecting: max < 1us", "cannot write the report /dev/full"]),
            Several(
                testDescription: "a report that cannot be written comes before nothing", plans: [passing],
                options: ["--report", "json=/dev/full"], exitCode: 3, reasons: ["cannot write the report /dev/full"]),
            Several(
                testDescription: "the second of two plans fails", plans: [passing, slow], exitCode: 1,
                reasons: ["plan-0 passed"]),
            Several(
                testDescription: "the first of two plans fails", plans: [slow, passing], exitCode: 1,
                reasons: ["threshold ws_connecting: max < 1us"]),
            Several(
                testDescription: "the first of two plans fails, and the report of both cannot be written",
                plans: [slow, passing], options: ["--report", "junit=/dev/full"], exitCode: 1,
                reasons: ["threshold ws_connecting: max < 1us"]),
        ]

        @Test(arguments: several) func theFirstOfTheOrderDecides(_ several: Several) async throws {
            let folder = try TemporaryDirectory()
            let paths = try several.plans.enumerated().map { index, plan in
                try folder.write(plan, to: "plan-\(index).yaml")
            }
            let result = try await ProcessRunner(
                "/bin/sh",
                [
                    "-c", "ulimit -n 300; exec \"$0\" run --allow-limited \"$@\"", BuiltProducts.wsplan,
                ] + paths + several.options
            ).run()
            #expect(result.exitCode == several.exitCode, "\(result.transcript)")
            #expect(result.output.isEmpty != several.isRun, "\(result.transcript)")
            for reason in several.reasons {
                #expect(result.verdict.contains(reason), "'\(reason)' is no reason:\n\(result.transcript)")
            }
        }

        /// An open load that is stopped for half of its time: half of what it had to do is late.
        private static let late = """
            serve: echo
            url: ${server.url}
            load: {rate: 200/s, duration: 1s, max_vus: 200}
            on_open: [{if: run.iteration == 20, then: [{log: stop here}]}, close]
            thresholds: {iteration_duration: max < 100ms}

            """

        @Test(
            arguments: [
                ("", [], 4, []),
                ("", ["--report", "json=/dev/full"], 4, ["cannot write the report /dev/full"]),
                ("", ["--allow-limited"], 1, []),
                ("expect: {closed_by: peer}", [], 1, ["failed checks: closed by peer"]),
            ] as [(String, [String], Int32, [String])])
        func aGeneratorThatIsTooSlowComesBetweenExpectationsAndThresholds(
            _ rest: String, _ options: [String], _ exitCode: Int32, _ reasons: [String]
        ) async throws {
            let folder = try TemporaryDirectory()
            var runner = EndToEnd.wsplan("run", try folder.write(Self.late + rest, to: "plan.yaml"))
            runner.arguments += options
            runner.signals = [.init(SIGSTOP, shows: "stop here"), .init(SIGCONT, after: .milliseconds(500))]
            let result = try await runner.run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            let bottleneck = "the generator was the bottleneck: "
            for reason in reasons + ["threshold iteration_duration: max < 100ms"] {
                #expect(result.verdict.contains(reason), "'\(reason)' is no reason:\n\(result.transcript)")
            }
            #expect(result.verdict.contains(bottleneck) == !options.contains("--allow-limited"), "\(result.transcript)")
        }

        @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
        func aSignalComesBeforeWhatFailed(_ signal: Int32, _ exitCode: Int32) async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                load: {vus: 1, duration: 1h}
                on_open: [{check: {it is right: false}}, {log: connected}, {wait: 1h}]
                """
            let paths = try ["first", "second"].map { name in
                try folder.write(Self.target + Self.strict + plan, to: name + ".yaml")
            }
            var runner = EndToEnd.wsplan("run", paths[0], paths[1], "--report", "junit=/dev/full")
            runner.signals = [.init(signal, shows: "connected")]
            let result = try await runner.run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            for reason in [
                "first was interrupted (exit code \(exitCode))", signal == SIGINT ? "(SIGINT)" : "(SIGTERM)",
                "1 failed check: it is right", "threshold ws_connecting: max < 1us",
                "cannot write the report /dev/full",
            ] {
                #expect(result.verdict.contains(reason), "'\(reason)' is no reason:\n\(result.transcript)")
            }
            // The other one is not begun.
            #expect(!result.output.contains("second.yaml"), "\(result.transcript)")
        }
    }
}
