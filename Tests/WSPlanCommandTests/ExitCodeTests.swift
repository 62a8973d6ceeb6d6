import TestSupport
import Testing

extension EndToEnd {
    /// The exit code says which kind of news there is.
    @Suite struct ExitCodes {
        /// A plan that passes, but for what `rest` adds to it.
        private func run(_ rest: String, _ arguments: String...) async throws -> ProcessRunner.Result {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                on_open:
                  - send: hello
                on_message:
                  - check:
                      it is an echo: message.text == "hello"
                  - close
                \(rest)
                """
            var runner = EndToEnd.wsplan("run", try folder.write(plan, to: "plan.yaml"))
            // What this machine has else to do changes none of the codes.
            runner.arguments += ["--allow-limited"] + arguments
            return try await runner.run()
        }

        @Test func passed() async throws {
            let result = try await run("thresholds:\n  ws_msgs_received: count == 1")
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test func aCheckFailedAndItsLineIsShown() async throws {
            let result = try await run(
                """
                on_close:
                  - check:
                      nobody closes: close.code == 4999
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains("nobody closes: close.code == 4999"), "\(result.transcript)")
            // The value in the condition.
            #expect(result.output.contains("1000"), "\(result.transcript)")
        }

        @Test func aThresholdFailed() async throws {
            let result = try await run("thresholds:\n  ws_msgs_received: count > 1")
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.contains("ws_msgs_received"), "\(result.transcript)")
        }

        /// What is in a file whose name is not known cannot be compiled.
        @Test func aPlanThatCannotBeCompiledWithoutTheEnvironmentSaysSo() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                "url: ws://127.0.0.1:9/\nenv:\n  NAME:\non_open:\n  - send:\n      file: ${env.NAME}.bin\n  - close\n",
                to: "plan.yaml")
            let result = try await EndToEnd.wsplan("compile", plan).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(result.error.contains("3:3: error: the environment variable 'NAME' has no value"))
        }

        @Test(arguments: [
            ["--no-such-option"],
            ["explode"],
            ["run"],
            ["run", "/nonexistent/plan.yaml"],
            ["lint", "/nonexistent"],
            ["compile", "/nonexistent/plan.yaml"],
            ["serve", "echo", "--host", "localhost"],
        ])
        func aWrongCommandLineIs2(_ arguments: [String]) async throws {
            let result = try await ProcessRunner(BuiltProducts.wsplan, arguments).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(!(result.output + result.error).isEmpty)
        }

        @Test(arguments: [
            ["--no-such-option"],
            ["--vus", "many"],
            ["--vus", "0"],
            ["--duration", "10"],
            ["--report", "papyrus=x"],
            ["--env", "UNDECLARED=1"],
            ["--url", "http://127.0.0.1/"],
        ])
        func anOptionThatDoesNotFitIs2AndRunsNothing(_ options: [String]) async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let plan = try folder.write("url: \(server.url)\non_open:\n  - close\n", to: "plan.yaml")
            let result = try await ProcessRunner(BuiltProducts.wsplan, ["run", plan] + options).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).sessions == 0)
        }

        @Test func help() async throws {
            let result = try await EndToEnd.wsplan("--help").run()
            #expect(result.exitCode == 0)
            for command in ["run", "lint", "compile", "serve"] { #expect(result.output.contains(command)) }
        }

        @Test func version() async throws {
            let result = try await EndToEnd.wsplan("--version").run()
            #expect(result.exitCode == 0)
            #expect(result.output.contains { $0.isNumber } && result.outputLines.count == 1, "\(result.transcript)")
        }
    }
}
