import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What the command line changes of a plan.
    @Suite struct Options {
        @Test func loadAndAddress() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                url: ws://127.0.0.1:1/
                load:
                  vus: 1
                  iterations: 1
                on_open:
                  - close
                """, to: "plan.yaml")
            let report = folder.path(of: "report.json")
            let result = try await EndToEnd.wsplan(
                "run", plan, "--url", server.url, "--vus", "3", "--iterations", "7", "--report", "json=\(report)"
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).sessions == 7)
            #expect(try RunReport(contentsOf: report).sessions.attempted == 7)
        }

        /// Two scenarios, of which one has a load that no option fits.
        private static let scenarios = """
            url: ws://127.0.0.1:1/
            on_open:
              - log: ${scenario}
              - close
            scenarios:
              buyers:
                load:
                  vus: 2
              watchers:
                load:
                  start_vus: 1
                  stages:
                    - duration: 1h
                      target: 1
            thresholds:
              ws_sessions{scenario=buyers}: count == 3
              ws_sessions{scenario=watchers}: count == 1000
            """

        @Test func oneScenario() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let plan = try folder.write(Self.scenarios, to: "plan.yaml")
            let result = try await EndToEnd.wsplan(
                "run", plan, "--scenario", "buyers", "--vus", "1", "--iterations", "3", "--url", server.url
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(!result.output.contains("watchers"), "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).sessions == 3)
        }

        @Test(arguments: [
            (
                ["--scenario", "buyer"],
                "--scenario: the plan 'plan' has no scenario 'buyer'; it has: buyers, watchers"
            ),
            (["--vus", "1"], "--vus: the load of the scenario 'watchers' (start_vus, stages) has no 'vus'"),
            (
                ["--scenario", "watchers", "--duration", "1s"],
                "--duration: the load of the scenario 'watchers' (start_vus, stages) has no 'duration'"
            ),
            (
                ["--iterations", "5"],
                "--iterations: the load of the scenario 'watchers' (start_vus, stages) has no 'iterations'"
            ),
        ])
        func anOptionThatNoKeyTakesIs2(_ options: [String], _ words: String) async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(Self.scenarios, to: "plan.yaml")
            let result = try await ProcessRunner(BuiltProducts.wsplan, ["run", plan] + options).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(result.error.contains(words), "\(result.transcript)")
        }

        @Test func environment() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                env:
                  GREETING:
                    default: hello
                on_open:
                  - log: the greeting is ${env.GREETING}
                  - close
                """, to: "plan.yaml")
            for (options, environment, greeting) in [
                ([], [:], "hello"),
                ([], ["GREETING": "moin"], "moin"),
                (["--env", "GREETING=salut"], ["GREETING": "moin"], "salut"),
            ] {
                let result = try await ProcessRunner(
                    BuiltProducts.wsplan, ["run", plan] + options, environment: environment
                ).run()
                #expect(result.exitCode == 0, "\(result.transcript)")
                #expect(result.error.contains("the greeting is \(greeting)\n"), "\(result.transcript)")
            }
        }

        @Test func aSeedThatIsNoneIsSaidToBe() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write("serve: echo\nurl: ${server.url}\non_open:\n  - close\n", to: "plan.yaml")
            for seed in ["-1", "seven", "1.5"] {
                let result = try await EndToEnd.wsplan("run", plan, "--seed", seed).run()
                #expect(result.exitCode == 2, "\(result.transcript)")
                #expect(
                    result.error.contains("The value '\(seed)' is invalid for '--seed <N>'"), "\(result.transcript)")
            }
        }

        @Test func aRequiredVariableWithoutAValueIs2() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                "url: ws://${env.HOST}/\nenv:\n  HOST:\n    secret: false\non_open:\n  - close\n", to: "plan.yaml")
            let result = try await EndToEnd.wsplan("run", plan).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(result.error.contains("HOST"), "\(result.transcript)")
        }

        /// Secrets that quoting, escaping or shortening changes, and what would give each away.
        static let secrets: [(value: String, traces: [String])] = [
            ("hunter22", ["hunter22", "68 75 6e", "68756e", "aHVudGVy"]),
            ((0..<100).map { "part\($0)," }.joined(), ["part0,", "part1,", "70 61 72", "706172", "cGFydD"]),
            ("quux\"corge\\zanzibar", ["quux", "corge", "zanzibar", "71 75 75", "717575", "cXV1e"]),
            ("alpha9\nbravo7\tcharlie5", ["alpha9", "bravo7", "charlie5", "61 6c 70", "616c70", "YWxwaG"]),
        ]

        @Test(arguments: secrets.indices, [[], ["--smoke"]])
        func aSecretIsNeitherPrintedNorReported(_ index: Int, _ options: [String]) async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}?token=${url_encode(env.TOKEN)}
                env:
                  TOKEN:
                    secret: true
                on_open:
                  - log: the token is ${env.TOKEN}
                  - log: encoded ${hex(bytes(env.TOKEN))} ${base64.encode(bytes(env.TOKEN))} ${url_encode(env.TOKEN)}
                  - send: a ${env.TOKEN} b
                on_message:
                  - check:
                      text: message.text == env.TOKEN
                      bytes: message.bytes == bytes(env.TOKEN)
                      encoded: hex(message.bytes) == base64.encode(bytes(env.TOKEN))
                      json: to_json([env.TOKEN]) == message.text
                      no number: int(message.text) == 1
                  - fail: not ${env.TOKEN}
                """
            let (secret, traces) = Self.secrets[index]
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.arguments += options
            runner.environment["TOKEN"] = secret
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.error.contains("the token is ***\n"), "\(result.transcript)")
            #expect(result.error.contains("encoded *** *** ***\n"), "\(result.transcript)")
            #expect(result.output.contains("= \"a *** b\"\n"), "\(result.transcript)")
            let report = try TextFile.read(folder.path(of: "report.json"))
            #expect(report.contains("\"value\": \"\\\"a *** b\\\"\""), "\(report)")
            let everything = result.transcript + report
            for trace in traces { #expect(!everything.contains(trace), "\(trace) in \(everything)") }
        }

        @Test func theEchoServerServesUntilItIsInterrupted() async throws {
            let server = try ChildProcess(BuiltProducts.wsplan, ["serve", "echo"], environment: [:])
            defer { server.kill() }
            let line = try #require(server.readLine())
            let url = try #require(line.split(separator: " ").last { $0.hasPrefix("ws://127.0.0.1:") })
            let plan = EndToEnd.plans + "/basic.yaml"
            let result = try await EndToEnd.wsplan("run", plan, "--url", String(url)).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.error.contains("Message received: hello"), "\(result.transcript)")
            server.send(signal: SIGINT)
            #expect(server.reap() == .exited(0))
        }
    }
}
