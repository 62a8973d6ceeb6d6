import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Ctrl-C, and what a scheduler sends.
    @Suite struct Interrupts {
        /// A second after the graceful stop is what is promised; a busy machine takes more for itself.
        private static let longestEnd = Duration.seconds(EndToEnd.isVerifying ? 1 : 5)
        /// And behind the second signal.
        private static let longestSecondEnd = Duration.milliseconds(EndToEnd.isVerifying ? 200 : 2_000)

        /// Where the plan's time is spent when the signal comes. Whatever it is would go on for half a minute or longer.
        struct Phase: CustomTestStringConvertible, Sendable {
            let testDescription: String
            /// What the second scenario of the plan has, beside the first one's open session.
            let scenario: String
            /// The modes of `raw_peer.py` whose address stands in the place of `PEER`.
            var peer = ["silent"]
            /// When the signal is sent, beyond the first scenario's session being open.
            var shows = "marked"
            /// And so much later, for what cannot be seen.
            var delay = Duration.zero
            var gracefulStop = Duration.zero

            static let all = [
                Phase(testDescription: "before start_after", scenario: "load:\n  start_after: 60s\n  duration: 60s"),
                Phase(testDescription: "TCP does not answer", scenario: "url: ws://127.0.0.1:FULL/"),
                Phase(testDescription: "TLS does not answer", scenario: "url: wss://127.0.0.1:PEER/"),
                Phase(testDescription: "the upgrade is not answered", scenario: "url: ws://127.0.0.1:PEER/"),
                Phase(
                    testDescription: "a pause between two iterations",
                    scenario: "load:\n  duration: 60s\n  pause: 60s\non_open:\n  - close\non_close:\n  - log: paused",
                    shows: "paused"),
                Phase(
                    testDescription: "an await",
                    scenario: "on_open:\n  - log: waiting\n  - await: message.text == \"never\"\n    timeout: 60s",
                    shows: "waiting"),
                Phase(
                    testDescription: "ramping down",
                    scenario: "load:\n  start_vus: 5\n  stages:\n    - duration: 60s\n      target: 0"),
                Phase(
                    testDescription: "the graceful stop",
                    scenario: """
                        load:
                          duration: 200ms
                          graceful_stop: 3s
                        on_open:
                          - after: 500ms
                            do:
                              - log: in its grace
                        """, shows: "in its grace", gracefulStop: .seconds(3)),
                Phase(
                    testDescription: "nobody answers the Close frame",
                    scenario: """
                        url: ws://127.0.0.1:PEER/
                        on_open:
                          - log: closing
                          - close
                        """, peer: ["no-answer-to-close"], shows: "closing"),
                Phase(
                    testDescription: "an on_close that waits",
                    scenario: "on_open:\n  - close\non_close:\n  - log: closed\n  - wait: 60s", shows: "closed"),
                Phase(
                    testDescription: "a step that computes for a long time",
                    scenario: """
                        on_open:
                          - log: computing
                          - wait: 100ms
                          - repeat: 1000000
                            do:
                              - let:
                                  squares: range(100000).map(i, i * i)
                        """, shows: "computing", delay: .milliseconds(500)),
                Phase(
                    testDescription: "arrivals",
                    scenario: "load:\n  rate: 100/s\n  duration: 60s\n  max_vus: 3\non_open:\n  - log: arrived",
                    shows: "arrived"),
            ]
        }

        private static func indented(_ text: String) -> String {
            text.split(separator: "\n").map { "    " + $0 + "\n" }.joined()
        }

        @Test(arguments: Phase.all) func theFirstEndsEveryPhaseAndCountsEverySession(_ phase: Phase) async throws {
            let peer = try await EndToEnd.rawPeer(phase.peer[0], Array(phase.peer.dropFirst()))
            let full = try FullPort()
            defer { full.stop() }
            let folder = try TemporaryDirectory()
            let scenario = phase.scenario
                .replacing("PEER", with: "\(peer.port)").replacing("FULL", with: "\(full.number)")
            let handler = scenario.contains("on_open:") ? "" : "    on_open:\n      - log: running\n"
            let plan = """
                serve: echo
                url: ${server.url}
                load:
                  duration: 60s
                timeouts:
                  connect: 60s
                  close: 60s
                scenarios:
                  phase:
                \(handler)\(Self.indented(scenario))
                  marker:
                    on_open:
                      - log: marked
                """
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.timeout = .seconds(50)
            // The first of them is ignored by whoever has not asked for it.
            runner.signals = [.init(SIGWINCH, shows: phase.shows), .init(SIGINT, after: phase.delay)]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            let elapsed = try #require(result.elapsedSinceSignal, "\(result.transcript)")
            #expect(elapsed < phase.gracefulStop + Self.longestEnd, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.outcome == "interrupted")
            #expect(report.counter("ws_sessions") == report.sessions.attempted)
            #expect(report.counter("iterations") == report.sessions.attempted)
            #expect(report.counter("ws_closes") == report.sessions.opened)
            #expect(report.trend("ws_session_duration")?.count == report.sessions.opened)
            #expect(report.sessions.failed == 0, "\(result.transcript)")
        }

        /// The name server takes what it is asked, and never answers.
        @Test(.enabled("it takes a network namespace") { try await OwnNetwork.isPossible })
        func theFirstEndsALookUpThatHangs() async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                load:
                  duration: 60s
                timeouts:
                  connect: 60s
                scenarios:
                  phase:
                    url: ws://nobody.example/
                    on_open:
                      - close
                  marker:
                    url: ws://127.0.0.1:1/
                    on_open:
                      - close
                    on_error:
                      - log: marked
                """, to: "plan.yaml")
            var runner = OwnNetwork.wsplanWithoutAnswersOfNameServers(
                ["run", plan, "--report", "json=\(folder.path(of: "report.json"))"])
            runner.signals = [.init(SIGINT, shows: "marked")]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            #expect(try #require(result.elapsedSinceSignal) < Self.longestEnd)
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == ["refused"])
            #expect(report.sessions.attempted == report.counter("iterations"))
        }

        @Test func sessionsHaveTheirGracefulStop() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let plan = """
                url: \(server.url)
                load:
                  vus: 5
                  duration: 60s
                  graceful_stop: 20s
                on_open:
                  - log: connected
                  - wait: 700ms
                  - check:
                      it came to its end: "true"
                  - close
                """
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.signals = [.init(SIGINT, shows: "connected", times: 5)]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.checks.first { $0.name == "it came to its end" }?.passes == report.sessions.attempted)
            #expect(try await server.finish(ServerCounts.self).closes == ["1000": report.sessions.attempted])
        }

        @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
        func theFirstClosesEverySessionAndReports(_ signal: Int32, _ exitCode: Int32) async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: plan(for: server, vus: 5), in: folder)
            runner.signals = [.init(signal, shows: "connected", times: 5)]
            let result = try await runner.run()

            #expect(result.exitCode == exitCode, "\(result.transcript)")
            #expect(result.elapsed < .seconds(10))
            #expect(try await server.finish(ServerCounts.self).closes == ["1001": 5])
            #expect(result.output.contains("status is 101"), "\(result.transcript)")
            #expect(try RunReport(contentsOf: folder.path(of: "report.json")).outcome == "interrupted")
        }

        /// As timeout(1) sends it, to the process and to its group.
        @Test func theSameTwiceAtOnceIsOne() async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                load:
                  duration: 60s
                on_open:
                  - log: connected
                """
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.signals = [.init(SIGTERM, shows: "connected"), .init(SIGTERM, after: .zero)]
            let result = try await runner.run()

            #expect(result.exitCode == 143, "\(result.transcript)")
            #expect(result.output.contains("was interrupted (exit code 143)"), "\(result.transcript)")
        }

        @Test func theSecondEndsAtOnce() async throws {
            // Without it the run would go on for the graceful stop.
            let peer = try await EndToEnd.rawPeer("no-answer-to-close")
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: plan(for: peer, vus: 1, gracefulStop: "60s"), in: folder)
            runner.signals = [.init(SIGINT, shows: "connected"), .init(SIGINT, after: .milliseconds(300))]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            #expect(try #require(result.elapsedSinceSignal) < Self.longestSecondEnd)
            #expect(try await peer.finish(PeerCounts.self).closes == [])
        }

        /// What a loop executes is put off 100 ms behind the first signal. A second one does not wait for that, or for anything.
        @Test func theSecondEndsAtOnceWhereALoopIsStuck() async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                on_open:
                  - log: computing
                  - wait: 100ms
                  - repeat: 1000000
                    do:
                      - let:
                          squares: range(100000).map(i, i * i)
                  - close
                """
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.signals = [
                .init(SIGWINCH, shows: "computing"), .init(SIGINT, after: .milliseconds(300)),
                .init(SIGTERM, after: .zero),
            ]
            let result = try await runner.run()

            // Of two that come together either may be the second.
            #expect(result.exitCode == 130 || result.exitCode == 143, "\(result.transcript)")
            #expect(result.output.isEmpty, "\(result.transcript)")
            #expect(try #require(result.elapsedSinceSignal) < Self.longestSecondEnd)
        }

        @Test func oneBetweenTwoPlansLeavesTheSecondOut() async throws {
            let folder = try TemporaryDirectory()
            let first = try folder.write(
                "name: first\nserve: echo\nurl: ${server.url}\non_open:\n  - close\n", to: "first.yaml")
            let second = try folder.write(
                "name: second\nserve: echo\nurl: ${server.url}\nload:\n  duration: 60s\non_open:\n  - log: connected\n",
                to: "second.yaml")
            var runner = EndToEnd.wsplan("run", first, second, "--report", "junit=\(folder.path(of: "report.xml"))")
            runner.signals = [.init(SIGINT, when: .output, shows: "first passed")]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            #expect(try #require(result.elapsedSinceSignal) < .seconds(5))
            #expect(try TextFile.read(folder.path(of: "report.xml")).contains("first"))
        }

        /// A report goes into a pipe that is full and never read.
        @Test func oneWhileAReportIsWrittenGivesUpWhoDoesNotReadIt() async throws {
            let folder = try TemporaryDirectory()
            let pipe = folder.path(of: "report")
            try #require(mkfifo(pipe, 0o600) == 0)
            let reader = open(pipe, O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            // F_SETPIPE_SZ: as little as there is.
            try #require(fcntl(reader, 1031, 4096) >= 0)
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                on_open:
                \((0..<200).map { "  - check:\n      number \($0): true\n" }.joined())
                  - log: connected
                  - close
                """, to: "plan.yaml")
            var runner = EndToEnd.wsplan("run", plan, "--report", "json=\(pipe)")
            runner.signals = [.init(SIGINT, shows: "connected")]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            #expect(try #require(result.elapsedSinceSignal) < .seconds(5))
            #expect(result.error.contains("cannot write the report"), "\(result.transcript)")
        }

        @Test func oneBeforeThereIsAnythingToReportEndsAtOnce() async throws {
            let folder = try TemporaryDirectory()
            let pipe = folder.path(of: "plan.yaml")
            try #require(mkfifo(pipe, 0o600) == 0)
            var runner = EndToEnd.wsplan("run", pipe)
            runner.signals = [.init(SIGTERM, after: .seconds(1))]
            let result = try await runner.run()

            // On a very busy machine the program may not have begun.
            #expect(result.ending == .exited(143) || result.ending == .signalled(SIGTERM), "\(result.transcript)")
        }

        /// `stop_run` ends a run in the same way, and is no interruption.
        @Test func stopRunHasTheSameTime() async throws {
            let peer = try await EndToEnd.rawPeer("no-answer-to-close")
            let folder = try TemporaryDirectory()
            let plan = """
                url: \(peer.url)
                load:
                  vus: 3
                  duration: 60s
                timeouts:
                  close: 60s
                on_open:
                  - if: vu.id == 1
                    then:
                      - wait: 300ms
                      - stop_run: enough
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.elapsed < .seconds(10))
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.notices.contains("the plan stopped the run: enough"))
            #expect(report.counter("ws_closes") == report.sessions.opened)
            #expect(try await peer.finish(PeerCounts.self).closes == [1001, 1001, 1001])
        }

        private func plan(for server: TestServer, vus: Int, gracefulStop: String = "0s") -> String {
            """
            url: \(server.url)
            load:
              vus: \(vus)
              duration: 60s
              graceful_stop: \(gracefulStop)
            timeouts:
              close: 30s
            on_open:
              - log: connected
            """
        }
    }
}
