import TestSupport
import Testing

extension EndToEnd {
    /// Peers that do unusual things and are in the right.
    @Suite struct UnusualPeers {
        /// Runs a plan against a peer and expects it to pass; `steps` follow the plan's `url`.
        private func pass(_ mode: String..., steps: String) async throws -> ProcessRunner.Result {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer(mode[0], Array(mode.dropFirst()))
            let result = try await EndToEnd.run(plan: "url: \(peer.url)\n" + steps, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            return result
        }

        @Test func aPingIsAnsweredAndSeen() async throws {
            // The peer echoes only once it has both pongs.
            let result = try await pass(
                "pings",
                steps: """
                    on_open:
                      - send: hello
                    on_ping:
                      - log: PING!
                    on_message:
                      - close
                    """)
            #expect(result.errorLines.count { $0.hasSuffix("PING!") } == 2, "\(result.transcript)")
        }

        @Test func aMessageThatComesWithTheHandshakeIsSeenAfterOpen() async throws {
            let result = try await pass(
                "message-with-handshake",
                steps: """
                    on_open:
                      - log: connected
                    on_message:
                      - log: ${message.text}
                      - close
                    """)
            #expect(result.errorLines.count == 2, "\(result.transcript)")
            #expect(result.errorLines.first?.hasSuffix("connected") == true, "\(result.transcript)")
            #expect(result.errorLines.last?.hasSuffix("early") == true, "\(result.transcript)")
        }

        @Test func whatComesBehindACloseFrameIsNotSeen() async throws {
            let result = try await pass(
                "close-frame-then-more",
                steps: """
                    timeouts:
                      session: 5s
                    on_message:
                      - log: ${message.text}
                    on_close:
                      - log: ${close.code}
                    """)
            #expect(result.errorLines.count == 1, "\(result.transcript)")
        }

        @Test func aPongToTheLatestPingIsEnough() async throws {
            let result = try await pass(
                "latest-pong", "9",
                steps: """
                    connect:
                      keepalive:
                        interval: 30ms
                        timeout: 2s
                    timeouts:
                      session: 20s
                    on_pong:
                      - log: not the plan's
                    on_close:
                      - log: closed by ${close.by}
                    """)
            #expect(
                result.errorLines.map { $0.hasSuffix("closed by peer") } == [true], "\(result.transcript)")
        }

        @Test func aRefusalThatIsExpectedPasses() async throws {
            let result = try await pass(
                "status", "403",
                steps: """
                    expect:
                      status: 403
                    timeouts:
                      session: 1s
                    """)
            #expect(result.output.contains("status is 403"), "\(result.transcript)")
        }

        @Test func aCloseThatIsExpectedPasses() async throws {
            let result = try await pass(
                "close-code", "4000",
                steps: """
                    expect:
                      close:
                        - 4000
                    timeouts:
                      session: 5s
                    on_close:
                      - log: ${close.code} ${close.reason}, closed by ${close.by}
                    """)
            #expect(
                result.errorLines.map { $0.hasSuffix("4000 the peer's reason, closed by peer") } == [true],
                "\(result.transcript)")
        }
    }
}
