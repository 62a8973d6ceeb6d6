import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// However the network breaks connections, nothing of them is left behind.
    @Suite struct Leaks {
        @Test(arguments: WireFaults.Scheme.allCases)
        func neitherDescriptorsNorMemoryAreLost(over scheme: WireFaults.Scheme) async throws {
            let peer = try await EndToEnd.rawPeer("echo", overTLS: scheme == .wss)
            let proxy = try FaultProxy(before: peer.port, WireFaults.cells(over: scheme).map(\.wireFault))
            let plan = Plan(scheme: scheme, server: peer.port, proxy: proxy.port)
            let sessions = EndToEnd.isVerifying ? 20_000 : 200
            let alone = try #require(try await Self.looks(at: plan, sessions: 0).last)
            let looks = try await Self.looks(at: plan, sessions: sessions)
            proxy.stop()

            // On a busy machine a session may run into its timeout before its fault.
            #expect(proxy.struck > sessions / 2)
            let tenth = try #require(looks.first)
            let end = try #require(looks.last)
            #expect(looks.count == 2 && end.descriptors == alone.descriptors, "\(alone) \(looks)")
            // Of the longer run: some metrics meet their first sample late, each of which makes a histogram of 440 KiB. What a
            // session leaves behind is found out from 100 bytes on.
            let kept = (end.residentKiB - tenth.residentKiB) * 1024 / (sessions - sessions / 10)
            #expect(!EndToEnd.isVerifying || kept < 100, "\(kept) bytes a session, \(looks)")
        }

        /// So many sessions that each meet one of the proxy's faults, but for every tenth part's first; and one more that is
        /// open alone.
        private struct Plan {
            let scheme: WireFaults.Scheme
            let server: Int
            let proxy: Int

            func text(sessions: Int) -> String {
                """
                url: "\(scheme)://127.0.0.1:${run.iteration % \(max(1, sessions / 10)) == 0 ? \(server) : \(proxy)}/"
                connect:
                  \(scheme.connect)
                load:
                  vus: 40
                  iterations: \(sessions + 1)
                timeouts:
                  connect: 100ms
                  await: 100ms
                  close: 100ms
                on_open:
                  - send: hello
                  - await: any
                  - if: run.iteration == \(sessions / 10)
                    then:
                      - log: look
                      - wait: 200ms
                  - if: run.iteration == \(sessions)
                    then:
                      - wait: 2s
                      - log: look
                      - wait: 1s
                  - close
                """
            }
        }

        /// What a process holds at a moment.
        private struct Look {
            let descriptors: Int
            let residentKiB: Int
        }

        /// Runs the plan, and looks at the process each time that it asks for it.
        private static func looks(at plan: Plan, sessions: Int) async throws -> [Look] {
            let folder = try TemporaryDirectory()
            let log = folder.path(of: "log")
            let child = try ChildProcess(
                BuiltProducts.wsplan, ["run", folder.write(plan.text(sessions: sessions), to: "plan.yaml"), "--quiet"],
                environment: [:], output: .file(folder.path(of: "output")), error: .file(log))
            defer { child.kill() }
            var looks: [Look] = []
            while child.reapIfEnded() == nil {
                let asked = try TextFile.read(log).split(separator: "\n").count { $0.hasSuffix(" look") }
                if asked > looks.count, let descriptors = ProcessStatus.descriptors(of: child.processID),
                    let resident = ProcessStatus.number("VmRSS", of: child.processID)
                {
                    looks.append(Look(descriptors: descriptors, residentKiB: resident))
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            let transcript = try TextFile.read(folder.path(of: "output")) + TextFile.read(log)
            #expect(child.reap() == .exited(sessions == 0 ? 0 : 1), "\(transcript)")
            return looks
        }
    }
}
