import TestSupport
import Testing

extension EndToEnd {
    /// Where results go, and what happens when they cannot.
    @Suite struct Reports {
        private let basic = EndToEnd.plans + "/basic.yaml"

        /// Plans whose reports hold every part that a report can have.
        static let plans = [
            try? TextFile.read(EndToEnd.plans + "/echo.yaml"),
            """
            url: ws://127.0.0.1:1/
            timeouts:
              session: 1s
            """,
            """
            serve: echo
            url: ${server.url}
            on_open:
              - send: hello
            on_message:
              - group: answers
                do:
                  - check:
                      it is no echo: message.text != "hello"
              - close
            thresholds:
              ws_msgs_received: [count > 1, rate > 1/s]
              ws_connecting: [p(99) < 1s, max < 1s]
              checks{check="it is no echo"}: rate == 0%
            """,
        ].compactMap(\.self)

        /// All of them in one file, which is valid by the schema of the format (of Apache Ant's JUnit task; it is beside
        /// the servers, since tests need no network). One of the plans cannot be run at all.
        @Test func theJUnitReportOfSeveralPlansIsWhatItsSchemaSays() async throws {
            let folder = try TemporaryDirectory()
            var paths = try (Self.plans + [Self.hostilePlan]).enumerated().map { index, plan in
                try folder.write(plan, to: "plan-\(index).yaml")
            }
            paths.append(paths[0])
            let report = folder.path(of: "report.xml")
            let runner = ProcessRunner(BuiltProducts.wsplan, ["run"] + paths + ["--report", "junit=\(report)"])
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            try await expectValid(report)
            let text = try TextFile.read(report)
            #expect(text.contains("<testsuite name=\"echo\" package=\"\(paths[0])\" id=\"0\""), "\(text)")
            #expect(text.contains("id=\"\(paths.count - 1)\""), "\(text)")
            // A threshold tolerates that it fails.
            #expect(
                text.contains("name=\"answers › it is no echo\" classname=\"plan-2.default\" time=\"0\"/>"), "\(text)")
            #expect(text.contains("count &gt; 1 does not hold: 1\" type=\"threshold\">\(paths[2]):12:22"), "\(text)")
            #expect(text.contains("failed 1 of 1 times\" type=\"check\">first: VU 1, iteration 0, "), "\(text)")
            #expect(text.contains("name=\"errors of kind refused\" classname=\"plan-1.default\""), "\(text)")
            #expect(!text.contains("s3cr3t") && text.contains("***"), "\(text)")
        }

        /// Characters that XML has no place for, and a secret.
        static let hostilePlan = #"""
            name: "<hostile> & \"quoted\"\u0001"
            serve: echo
            url: ${server.url}
            env:
              TOKEN:
                default: s3cr3t
                secret: true
            on_open:
              - send: "\u0000\u001b[2J\uffff ]]> ${env.TOKEN}"
              - await: any
              - check:
                  "it is nothing <&>\u0007 \uFFFE": message.text == ""
              - check:
                  "two  spaces": true
              - check:
                  "two spaces": true
              - close
            thresholds:
              checks{check="two  spaces"}: [rate == 100%, rate == 100%]
            """#

        @Test func theJUnitReportOfASmokeRunSkipsThresholds() async throws {
            let folder = try TemporaryDirectory()
            let report = folder.path(of: "report.xml")
            let result = try await EndToEnd.wsplan(
                "run", EndToEnd.plans + "/echo.yaml", "--smoke", "--report", "junit=\(report)"
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            try await expectValid(report)
            let text = try TextFile.read(report)
            #expect(text.contains("failures=\"0\" errors=\"0\" skipped=\"2\""), "\(text)")
        }

        private func expectValid(_ report: String) async throws {
            let validation = try await ProcessRunner(
                BuiltProducts.python,
                [
                    "-I", EndToEnd.servers + "/validate_junit.py", EndToEnd.servers + "/schemas/JUnit.xsd", report,
                ]
            ).run()
            #expect(validation.exitCode == 0, "\(validation.transcript)")
        }

        @Test(arguments: ["json", "junit"], ["/dev/full", "/nonexistent/report"])
        func aReportThatCannotBeWrittenIs3(_ format: String, _ path: String) async throws {
            let result = try await EndToEnd.wsplan("run", basic, "--report", "\(format)=\(path)").run()
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(result.error.contains(path), "\(result.transcript)")
        }

        @Test func aFailedCheckCountsMoreThanAReportThatCannotBeWritten() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(Self.plans[2], to: "plan.yaml")
            let result = try await EndToEnd.wsplan("run", plan, "--report", "json=/dev/full").run()
            #expect(result.exitCode == 1, "\(result.transcript)")
        }

        @Test(
            arguments: [ChildProcess.Output.closedPipe, .closed, .file("/dev/full")],
            [["run", EndToEnd.plans + "/basic.yaml"], ["compile", EndToEnd.plans + "/echo.yaml"], ["--help"]])
        func outputThatNobodyTakesIsNoCrash(_ output: ChildProcess.Output, _ arguments: [String]) async throws {
            var runner = ProcessRunner(BuiltProducts.wsplan, arguments)
            runner.output = output
            let result = try await runner.run()
            #expect(result.exitCode == 0 || result.exitCode == 3, "\(result.transcript)")
        }

        @Test func theSummaryOfAClosedOutputDoesNotEndUpInTheReport() async throws {
            let folder = try TemporaryDirectory()
            let report = folder.path(of: "report.json")
            var runner = EndToEnd.wsplan("run", basic, "--report", "json=\(report)")
            runner.output = .closed
            let result = try await runner.run()
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(result.error.contains("cannot write the summary: Bad file descriptor"), "\(result.transcript)")
            let text = try TextFile.read(report)
            #expect(text.hasPrefix("{") && !text.contains("basic passed"), "\(text)")
        }

        @Test(arguments: ["json", "junit"]) func aReportOnAPipeThatNobodyReadsIs3(_ format: String) async throws {
            var runner = EndToEnd.wsplan("run", basic, "--quiet", "--report", "\(format)=/dev/stdout")
            runner.output = .closedPipe
            let result = try await runner.run()
            #expect(result.exitCode == 3, "\(result.transcript)")
        }

        @Test func logLinesThatNobodyTakesAreNoCrash() async throws {
            for stream in [ChildProcess.Output.closedPipe, .closed, .file("/dev/full")] {
                var runner = EndToEnd.wsplan("run", basic)
                runner.error = stream
                let result = try await runner.run()
                #expect(result.exitCode == 0, "\(result.transcript)")
                #expect(result.output.contains("3 log lines were dropped"), "\(result.transcript)")
            }
        }
    }
}
