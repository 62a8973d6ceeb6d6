import TestSupport
import Testing

extension EndToEnd {
    /// `plans/`: what users read first. Those for a protocol of somebody else are run by `Protocols`.
    @Suite struct ExamplePlans {
        static let names = [
            "basic", "echo", "errors", "graphql-transport-ws", "handlers", "intervals", "load-shapes", "ocpp16",
            "pipelining", "socketio", "timeouts",
        ]

        @Test func everyPlanIsTested() throws {
            let files = try TextFile.names(in: EndToEnd.plans)
            #expect(files == (Self.names.map { $0 + ".yaml" } + ["echo.json"]).sorted())
        }

        @Test func thereIsNothingToSayAboutThem() async throws {
            let result = try await EndToEnd.wsplan("lint", EndToEnd.plans).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(!result.output.contains("error:") && result.error.isEmpty, "\(result.transcript)")
        }

        @Test(arguments: names) func compiles(_ name: String) async throws {
            let result = try await EndToEnd.wsplan("compile", "\(EndToEnd.plans)/\(name).yaml").run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("on open:"), "\(result.transcript)")
        }

        @Test func aPlanIsTheSameProgramInYAMLAndJSON() async throws {
            // Two files have different lines.
            let yaml = try await EndToEnd.wsplan("compile", "--no-lines", EndToEnd.plans + "/echo.yaml").run()
            let json = try await EndToEnd.wsplan("compile", "--no-lines", EndToEnd.plans + "/echo.json").run()
            #expect(yaml.exitCode == 0 && json.exitCode == 0, "\(yaml.transcript)\(json.transcript)")
            #expect(!yaml.output.isEmpty && yaml.output == json.output)
        }

        @Test func echo() async throws {
            let run = try await ExampleRun("echo")
            #expect(run.count(of: "connected") == 2)
            #expect(run.count(of: "message received: ") == 2)
            #expect(run.count(of: "pinging every second") == 4)
            #expect(run.count(of: "two seconds passed, closing the socket") == 2)
            #expect(run.count(of: "disconnected") == 2)
            #expect(run.count(of: "pong") >= 2)
            #expect(run.count(of: "error") == 0)
            #expect(run.report.counter("ws_msgs_sent") == 2)
            #expect(run.report.counter("ws_msgs_received") == 2)
        }

        @Test func basic() async throws {
            let run = try await ExampleRun("basic")
            #expect(run.words(["connected", "Message received: hello", "disconnected"]))
        }

        @Test func loadShapes() async throws {
            let run = try await ExampleRun("load-shapes")
            #expect(run.report.scenarios.map(\.name) == ["crowd", "visitors", "watcher"])
            // Ten that come and go, 30 and 50 that arrive, and the watcher.
            #expect(run.report.counter("ws_sessions") == 91)
        }

        @Test func errors() async throws {
            let run = try await ExampleRun("errors")
            #expect(run.count(of: "An unexpected error occurred: ") == 0)
        }

        @Test func anIntervalTicksOnceASecond() async throws {
            let run = try await ExampleRun("intervals")
            let tick = "Pinging every 1sec (setInterval test)"
            #expect(run.words(["connected", tick, "PONG!", tick, "PONG!", "disconnected"]))
            #expect(run.result.elapsed >= .milliseconds(2500))
            #expect((2500...2750).contains(try run.sessionMilliseconds()))
        }

        @Test func aTimeoutClosesAfterTwoSeconds() async throws {
            let run = try await ExampleRun("timeouts")
            #expect(run.words(["connected", "2 seconds passed, closing the socket", "disconnected"]))
            #expect(run.result.elapsed >= .seconds(2))
            #expect((2000...2250).contains(try run.sessionMilliseconds()))
        }

        @Test func everyAnswerIsMeasuredFromItsRequest() async throws {
            let run = try await ExampleRun("pipelining")
            #expect(run.report.trend("answer_time")?.count == 500)
            #expect(run.report.counter("answers") == 500)
            let all = RunReport.Mark(
                key: "request-${id}", set: 500, measured: 500, replaced: 0, neverMeasured: 0, cut: 0)
            #expect(run.report.marks == [all] && run.report.missedMeasures.isEmpty)
        }

        @Test func bothHandlersOfAnEventSpeak() async throws {
            let run = try await ExampleRun("handlers")
            let tick = "Pinging every 1sec (setInterval test)"
            let pongs = ["PONG!", "OTHER PONG!"]
            let end = ["2 seconds passed, closing the socket", "disconnected"]
            // The second tick falls on the moment of the close: whether its pong comes before that is open.
            let isEitherOrder =
                run.words(["connected", tick] + pongs + [tick] + end)
                || run.words(["connected", tick] + pongs + [tick] + pongs + end)
            #expect(isEitherOrder, "\(run.result.transcript)")
        }
    }
}

/// One of the example plans, run. That it passes and that `status is 101` is a passing check is expected of each.
private struct ExampleRun {
    let result: ProcessRunner.Result
    let report: RunReport

    init(_ name: String) async throws {
        let folder = try TemporaryDirectory()
        let reportPath = folder.path(of: "report.json")
        result = try await EndToEnd.wsplan("run", "\(EndToEnd.plans)/\(name).yaml", "--report", "json=\(reportPath)")
            .run()
        #expect(result.exitCode == 0, "\(result.transcript)")
        report = try RunReport(contentsOf: reportPath)
        #expect(report.outcome == "passed")
        let statuses = report.checks.filter { $0.name == "status is 101" }
        #expect(statuses.map(\.passes).reduce(0, +) == report.sessions.attempted)
        #expect(statuses.count == report.scenarios.count && statuses.allSatisfy { $0.fails == 0 })
        #expect(result.output.contains("status is 101"), "\(result.transcript)")
    }

    /// How many log lines end with these words, or hold them before something that changes.
    func count(of words: String) -> Int {
        result.errorLines.count { $0.hasSuffix(" " + words) || (words.hasSuffix(" ") && $0.contains(words)) }
    }

    /// Whether the log has these lines in this order and no others, whatever stands before the words.
    func words(_ expected: [String]) -> Bool {
        let lines = result.errorLines
        return lines.count == expected.count && zip(lines, expected).allSatisfy { $0.hasSuffix(" " + $1) }
    }

    func sessionMilliseconds() throws -> Double {
        try #require(report.trend("ws_session_duration")).max
    }
}
