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

        @Test(arguments: plans) func theReportIsWhatItsSchemaSays(_ plan: String) async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0 || result.exitCode == 1, "\(result.transcript)")
            let schema = BuiltProducts.packageRoot + "/schemas/report.schema.json"
            let validation = try await ProcessRunner(
                BuiltProducts.python,
                ["-I", EndToEnd.servers + "/validate.py", schema, folder.path(of: "report.json")]
            ).run()
            #expect(validation.exitCode == 0, "\(validation.transcript)")
        }

        @Test(arguments: ["/dev/full", "/nonexistent/report.json"])
        func aReportThatCannotBeWrittenIs3(_ path: String) async throws {
            let result = try await EndToEnd.wsplan("run", basic, "--report", "json=\(path)").run()
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

        @Test func logLinesThatNobodyTakesAreNoCrash() async throws {
            for stream in [ChildProcess.Output.closedPipe, .closed, .file("/dev/full")] {
                var runner = EndToEnd.wsplan("run", basic)
                runner.error = stream
                let result = try await runner.run()
                #expect(result.exitCode == 0, "\(result.transcript)")
            }
        }
    }
}
