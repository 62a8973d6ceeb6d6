import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What is shown of a session in which something failed, and of a smoke run.
    @Suite struct Transcripts {
        /// A message of a peer, as `raw_peer.py tells` takes it.
        private static func text(_ text: String) -> String {
            "81:" + text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }

        private func run(
            _ options: [String] = [], url: String, environment: [String: String] = [:], _ steps: String
        ) async throws -> (ProcessRunner.Result, report: String) {
            let folder = try TemporaryDirectory()
            let plan = try folder.write("url: \(url)\n" + steps, to: "plan.yaml")
            let report = folder.path(of: "report.json")
            let result = try await ProcessRunner(
                BuiltProducts.wsplan, ["run", plan, "--report", "json=\(report)"] + options, environment: environment
            ).run()
            return (result, try TextFile.read(report))
        }

        /// The lines of `text` one after the other, whatever stands before and between them.
        private func expect(_ lines: [String], in text: String, _ result: ProcessRunner.Result) {
            var rest = text[...]
            for line in lines {
                guard let place = rest.firstRange(of: line) else {
                    Issue.record("no '\(line)' where it should be\n\(result.transcript)")
                    return
                }
                rest = rest[place.upperBound...]
            }
        }

        @Test func aFailedCheckShowsTheValuesAndTheFramesBefore() async throws {
            let server = try await EndToEnd.echoServer()
            let (result, report) = try await run(
                url: server.url,
                """
                on_open:
                  - send:
                      json:
                        items: [coffee, cake, tea]
                on_message:
                  - check:
                      two: message.json.items.size() == 2 || message.json.nope == 1
                  - close
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            expect(
                [
                    "✗  two ", "first: VU 1, iteration 0", "plan.yaml:8:12",
                    "message.json.items.size() == 2 ", "= false\n", "  message.json.items.size() ", "= 3\n",
                    "    message.json.items ", #"= ["coffee","cake","tea"]"#, "message.json.nope == 1 ",
                    "= no value\n", #"= no value: no such key: "nope""#, "with these frames",
                    #"→  text  33B  {"items":["coffee","cake","tea"]}"#,
                    #"←  text  33B  {"items":["coffee","cake","tea"]}"#,
                ], in: result.output, result)
            expect(
                [
                    #""transcript": {"#, #""earlier_frames": 0"#, #""direction": "sent""#, #""opcode": "text""#,
                    #""size": 33"#, #""payload_start": "{\"items\":"#, #""direction": "received""#,
                ], in: report, result)
        }

        /// Of thirty messages of another kind the last ones are shown, and the values are those of the last.
        @Test func anAwaitThatGetsNoMessageShowsWhatCameInstead() async throws {
            let others = (1...30).map { Self.text(#"{"type":"tick","n":\#($0)}"#) }
            let peer = try await EndToEnd.rawPeer("tells", others)
            let (result, _) = try await run(
                url: peer.url,
                """
                on_open:
                  - await: message.json.type == "ack" && message.json.n > 0
                    name: answer
                    timeout: 500ms
                  - close
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            expect(
                [
                    "✗  await answer", "no message matched within 500ms; the values are those of the last of",
                    "plan.yaml:3:12", "^~~~", #"message.json.type == "ack" "#, "= false\n",
                    #"message.json.type "#, #"= "tick""#, "these are the last 10 of its 30 frames",
                    #"←  text  22B  {"type":"tick","n":21}"#, #"←  text  22B  {"type":"tick","n":30}"#,
                ], in: result.output, result)
        }

        @Test func anExpressionThatHasNoValueShowsItsParts() async throws {
            let server = try await EndToEnd.echoServer()
            let (result, _) = try await run(
                url: server.url,
                """
                vars:
                  list: [1, 2]
                on_open:
                  - send: one
                on_message:
                  - send: ${list[size(message.text) + 2]}
                timeouts:
                  session: 20s
                """)
            #expect(result.exitCode == 1, "\(result.transcript)")
            expect(
                [
                    "✗  expression", "index 5 is out of range", "^~~~", "size(message.text) + 2 ", "= 5\n",
                    "size(message.text) ", "= 3\n", "message.text ", #"= "one""#, "list ", "= [1,2]",
                    "→  text  3B  one", "←  text  3B  one",
                ], in: result.output, result)
        }

        /// Escape sequences, a direction override, a message of 16 MiB, binary, a Close frame with a code of its own.
        @Test(arguments: [[], ["--smoke"]]) func whateverAPeerSendsIsShownAndHarmless(_ options: [String]) async throws
        {
            let peer = try await EndToEnd.rawPeer(
                "tells",
                [
                    Self.text("a\u{1B}[2J\u{1B}]0;title\u{7}b\u{202E}c\r\n"), "82:00ff1b5b", "81*16777216",
                    "89:6162", "88:0fa162796507",
                ])
            let (result, report) = try await run(options, url: peer.url, "timeouts:\n  session: 20s\n")
            #expect(result.exitCode == 1, "\(result.transcript)")
            let shown = options.isEmpty ? result.output : result.error
            let space = options.isEmpty ? "  " : " "
            expect(
                [
                    #"a\u{1B}[2J\u{1B}]0;title\u{7}b\u{202E}c\r\n"#, "binary", "4B", "00 ff 1b 5b",
                    "16.0MiB", "aaaa", " …", "←\(space)ping", "2B", "ab", "←\(space)close", "6B", #"4001 bye\u{7}"#,
                ], in: shown, result)
            for text in [result.output, result.error, report] {
                #expect(
                    !text.unicodeScalars.contains {
                        $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
                    })
            }
            #expect(result.transcript.utf8.count < 20_000)
        }

        @Test func aCompressedMessageIsShownAsItIs() async throws {
            let server = try await EndToEnd.echoServer(compression: ["deflate"])
            let (result, _) = try await run(
                ["--smoke"], url: server.url,
                """
                connect:
                  compression: true
                on_open:
                  - send:
                      text: hello hello hello hello
                    fragments: 3
                on_message:
                  - close
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            expect(
                [
                    "→ Sec-WebSocket-Extensions: permessage-deflate", "← 101 Switching Protocols",
                    "← Sec-WebSocket-Extensions: permessage-deflate", "✓ status is 101",
                    "→ text        23B  hello hello hello hello", "← text        23B  hello hello hello hello",
                    "→ close        2B  1000", "← close        2B  1000", "· closed by the plan with 1000",
                ], in: result.error, result)
            #expect(try await server.finish(ServerCounts.self).compressed == 1)
        }

        /// Whatever the load says, and whatever the thresholds do.
        @Test func aSmokeRunIsOneIterationOfOneUserWithoutThresholds() async throws {
            let server = try await EndToEnd.echoServer()
            let (result, report) = try await run(
                ["--smoke"], url: server.url,
                """
                load:
                  vus: 20
                  duration: 30s
                  ramp_up: 20s
                  pause: 1s
                connect:
                  keepalive:
                    interval: 100ms
                    timeout: 20s
                on_open:
                  - log: "here I am"
                  - wait: 250ms
                  - send: bye
                on_message:
                  - close
                thresholds:
                  ws_msgs_received: count > 1000000
                """)
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).sessions == 1)
            expect(
                [
                    "smoke run of 1 VU, 1 iteration (the plan's load: 20 VUs for 30s)", "INFO here I am", "→ ping        16B", "← pong        16B",
                    "→ text         3B  bye",
                ], in: result.error, result)
            expect(["plan passed", "not judged"], in: result.output, result)
            #expect(report.contains(#""outcome": "not_judged""#), "\(report)")
        }

        @Test func severalPlansRunOneAfterTheOther() async throws {
            let plans = ["basic", "handlers"].map { EndToEnd.plans + "/\($0).yaml" }
            let result = try await ProcessRunner(BuiltProducts.wsplan, ["run", "--smoke"] + plans, environment: [:])
                .run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            expect(
                ["basic: smoke run", "· closed by", "handlers: smoke run", "· closed by"], in: result.error, result)
        }

        @Test(arguments: [["--vus", "2"], ["--iterations", "2"]])
        func aSmokeRunTakesNoLoad(_ options: [String]) async throws {
            let result = try await ProcessRunner(
                BuiltProducts.wsplan, ["run", "--smoke", EndToEnd.plans + "/basic.yaml"] + options, environment: [:]
            ).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
        }

        @Test func anInterruptEndsASmokeRun() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: "url: \(server.url)\nload:\n  duration: 60s\n", in: folder)
            runner.arguments.append("--smoke")
            runner.signals = [.init(SIGINT, shows: "status is 101")]
            let result = try await runner.run()
            #expect(result.exitCode == 130, "\(result.transcript)")
            expect(["→ close        2B  1001", "· closed by the load's end with 1001"], in: result.error, result)
        }

        /// A log line for each of very many messages, onto a pipe that nobody reads.
        @Test func logLinesThatNobodyReadsHoldNothingUp() async throws {
            let messages = EndToEnd.isVerifying ? 100_000 : 20_000
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                vars:
                  count: 0
                on_open:
                  - repeat: 50
                    do:
                      - send: &line \(String(repeating: "0123456789", count: 50))
                on_message:
                  - log: ${message.text}
                  - set:
                      count: count + 1
                  - if: count == \(messages)
                    then:
                      - close
                    else:
                      - send: *line
                """, to: "plan.yaml")
            let child = try ChildProcess(BuiltProducts.wsplan, ["run", plan], environment: [:])
            defer { child.kill() }
            var output = ""
            var peakKiB = 0
            while let line = child.readLine() {
                if output.isEmpty { peakKiB = ProcessStatus.number("VmHWM", of: child.processID) ?? 0 }
                output += line + "\n"
            }
            #expect(child.reap() == .exited(0), "\(output)")
            // What is sent after the last one counted is not answered any more.
            let dropped = output.split(separator: "\n").first { $0.contains("log lines were dropped") }
                .flatMap { line in line.split(separator: " ").compactMap { Int($0) }.first }
            let written = (64 << 10) / 500 + 1
            #expect((messages - written...messages).contains(try #require(dropped, "\(output)")), "\(output)")
            #expect(peakKiB < 64 << 10, "\(peakKiB) KiB")
        }
    }
}
