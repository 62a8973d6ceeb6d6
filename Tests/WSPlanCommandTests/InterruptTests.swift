import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// Ctrl-C.
    @Suite struct Interrupts {
        private func plan(for server: TestServer, vus: Int) -> String {
            """
            url: \(server.url)
            load:
              vus: \(vus)
              duration: 60s
            timeouts:
              close: 30s
            on_open:
              - log: connected
            """
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

        @Test func theSecondEndsAtOnce() async throws {
            // Without it the run would wait half a minute for the answer to its close.
            let peer = try await EndToEnd.rawPeer("no-answer-to-close")
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: plan(for: peer, vus: 1), in: folder)
            runner.signals = [.init(SIGINT, shows: "connected"), .init(SIGINT, after: .milliseconds(300))]
            let result = try await runner.run()

            #expect(result.exitCode == 130, "\(result.transcript)")
            #expect(result.elapsed < .seconds(10))
            #expect(try await peer.finish(PeerCounts.self).closes == [1001])
        }
    }
}
