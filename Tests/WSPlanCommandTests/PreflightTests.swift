import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What this machine does not have for a run is said before the first connect, and of a dry run what it would need.
    @Suite struct Preflights {
        /// Runs a plan with at most so many descriptors.
        private func run(
            descriptors: Int, _ plan: String, _ arguments: String..., in folder: TemporaryDirectory
        ) async throws -> ProcessRunner.Result {
            try await ProcessRunner(
                "/bin/sh",
                ["-c", "ulimit -n \(descriptors); exec \"$0\" run \"$@\"", BuiltProducts.wsplan]
                    + [try folder.write(plan, to: "plan.yaml")] + arguments
            ).run()
        }

        @Test(arguments: ["ws://127.0.0.1:1/", "ws://example.invalid/${vu.id}", "${server.url}"])
        func tooFewDescriptors(_ url: String) async throws {
            let folder = try TemporaryDirectory()
            let serve = url.contains("server") ? "serve: echo\n" : ""
            let report = folder.path(of: "report.json")
            let result = try await run(
                descriptors: 120, "\(serve)url: \(url)\nload:\n  vus: 100\non_open:\n  - close\n", "--report",
                "json=\(report)", in: folder)
            #expect(result.exitCode == 3, "\(result.transcript)")
            let needed = serve.isEmpty ? 135 : 239
            #expect(result.error.contains("\(needed) file descriptors"), "\(result.transcript)")
            #expect(result.error.contains("120; raise the limit"), "\(result.transcript)")
            #expect(result.output.isEmpty, "\(result.transcript)")
            #expect(try RunReport(contentsOf: report).outcome == "could_not_run")
        }

        @Test func theSoftLimitIsRaised() async throws {
            let folder = try TemporaryDirectory()
            let plan = "serve: echo\nurl: ${server.url}\nload:\n  vus: 60\non_open:\n  - close\n"
            let result = try await ProcessRunner(
                "/bin/sh",
                [
                    "-c", "ulimit -Sn 40; exec \"$0\" run \"$@\"", BuiltProducts.wsplan,
                    try folder.write(plan, to: "plan.yaml"),
                ]
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        /// Ten ports, one of which is the server's, and ten sessions. With one address more to come from they have eighteen.
        @Test(
            .enabled("it takes a network namespace") { try await OwnNetwork.isPossible },
            arguments: [
                (10, "", 3), (9, "", 0), (18, "connect:\n  local_addresses:\n    - 127.0.0.2\n    - 127.0.0.3\n", 0),
                (19, "connect:\n  local_addresses:\n    - 127.0.0.2\n    - 127.0.0.3\n", 3),
            ] as [(Int, String, Int32)])
        func tooFewPorts(_ vus: Int, _ connect: String, _ exitCode: Int32) async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                serve: echo
                url: ${server.url}
                \(connect)load:
                  vus: \(vus)
                on_open:
                  - wait: 300ms
                  - close
                """, to: "plan.yaml")
            let result = try await OwnNetwork.wsplan(ports: 40_000...40_009, ["run", plan]).run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            guard exitCode == 3 else { return }
            #expect(result.error.contains("\(vus) sessions at once to the embedded server"), "\(result.transcript)")
            #expect(result.error.contains("has \(vus - 1) for them"), "\(result.transcript)")
            #expect(result.error.contains("net.ipv4.ip_local_port_range"), "\(result.transcript)")
        }

        /// Several plans, of which none is run because one cannot be; and all shortages of that one at once. A million
        /// sessions that compress need more memory than a machine has.
        @Test func nothingIsRunWhereOneOfSeveralPlansCannotBe() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let small = try folder.write("name: small\nurl: \(server.url)\non_open:\n  - close\n", to: "small.yaml")
            let large = try folder.write(
                """
                name: large
                url: \(server.url)
                connect:
                  compression: true
                load:
                  vus: 1000000
                  duration: 1s
                on_open:
                  - close
                """, to: "large.yaml")
            let report = folder.path(of: "report.xml")
            let result = try await EndToEnd.wsplan("run", small, large, "--report", "junit=\(report)").run()
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(!result.error.contains("'small'"), "\(result.transcript)")
            for shortage in ["GiB of memory", "a local port each", "compression without context takeover"] {
                #expect(result.error.contains(shortage), "\(result.transcript)")
            }
            #expect(try TextFile.read(report).contains("GiB of memory"))
            #expect(try await server.finish(ServerCounts.self).sessions == 0)
        }

        @Test func aDryRunSaysTheLoadAndWhatItNeedsAndSendsNothing() async throws {
            let peer = try await EndToEnd.rawPeer("silent")
            let folder = try TemporaryDirectory()
            let report = folder.path(of: "report.json")
            let plan = """
                name: shop
                scenarios:
                  buyers:
                    url: \(peer.url)cart?user=${vu.id}
                    load:
                      rate: 100/s
                      duration: 1m
                      max_vus: 50
                      start_after: 10s
                    on_open:
                      - close
                  readers:
                    url: ws://127.0.0.1:\(peer.port)/
                    load:
                      vus: 4
                      iterations: 1000
                    on_open:
                      - close
                  watchers:
                    url: ${env.WATCH}/feed
                    load:
                      start_vus: 1
                      stages:
                        - duration: 30s
                          target: 20
                      graceful_stop: 5s
                    on_open:
                      - close
                env:
                  WATCH:
                    default: wss://127.0.0.1:9443
                """
            let result = try await run(
                descriptors: 200, plan, "--dry-run", "--shard", "1/2", "--report", "json=\(report)", in: folder)
            #expect(result.exitCode == 0, "\(result.transcript)")
            for line in [
                "buyers  \(peer.url)cart?user=${vu.id}",
                "100/s for 1m, at most 50 VUs, after 10s (shard 1/2)",
                "open load, 3000 arrivals, at most 25 virtual users at once, 1m10s",
                "closed load, 500 iterations, at most 2 virtual users at once, until its iterations are done",
                "closed load, at most 10 virtual users at once, 30s and up to 5s of graceful_stop",
                "at most 37 virtual users at once, until its iterations are done",
                "local ports to 127.0.0.1:\(peer.port)  27", "local ports to 127.0.0.1:9443  10", "of 200",
            ] {
                #expect(
                    result.outputLines.contains { $0.squeezed.contains(line.squeezed) }, "\(line)\n\(result.transcript)"
                )
            }
            #expect(access(report, F_OK) != 0)
            #expect(try await peer.finish(PeerCounts.self).connections == 0)
        }

        /// Each takes 440 KiB: eight that most scenarios have, and those of the plan, thrice where slices of time have them too.
        @Test(arguments: [
            ("  - close", "", ["--vus", "1"], "3.44MiB"), ("  - close", "", ["--vus", "2", "--loops", "2"], "10.3MiB"),
            (
                """
                  - await: any
                    name: a
                  - group: inner
                    do:
                      - await: any
                        name: a
                      - await: any
                        name: b
                  - record: {size: 1, parts: 1}
                """, "", ["--vus", "1"], "7.73MiB"
            ),
            ("  - record: {size: 1, parts: 1}\n  - close", "thresholds: {size: max < 2}", ["--vus", "1"], "4.73MiB"),
        ])
        func histogramsNeedMemory(
            _ steps: String, _ thresholds: String, _ arguments: [String], _ memory: String
        ) async throws {
            let folder = try TemporaryDirectory()
            let plan = try folder.write(
                """
                url: ws://127.0.0.1:1/
                metrics: {size: trend, parts: counter}
                on_open:
                \(steps)
                \(thresholds)
                """, to: "plan.yaml")
            let result = try await ProcessRunner(
                BuiltProducts.wsplan, ["run", "--dry-run", plan] + arguments
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(result.output.contains("memory, \(memory) of it for histograms"), "\(result.transcript)")
        }

        @Test func aDryRunOfWhatCannotBeRunIsNoSuccess() async throws {
            let folder = try TemporaryDirectory()
            let plan = "url: ws://127.0.0.1:1/\nload:\n  vus: 500\n  duration: 1s\non_open:\n  - close\n"
            let result = try await run(descriptors: 200, plan, "--dry-run", in: folder)
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(result.output.contains("500 VUs for 1s"), "\(result.transcript)")
            #expect(result.error.contains("535 file descriptors"), "\(result.transcript)")
        }
    }
}

extension StringProtocol {
    /// With one space where there are several.
    fileprivate var squeezed: String { split(separator: " ").joined(separator: " ") }
}
