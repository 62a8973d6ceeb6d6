import TestSupport
import Testing

extension EndToEnd {
    /// Peers that send without end, or little that would be much. Each is told by its name at once, and none of it is kept.
    @Suite struct Bombs {
        struct Bomb: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let mode: String
            let arguments: [String]
            let kind: String
            let shown: String
            /// Whether the plan offers compression.
            let isDeflated: Bool

            init(
                _ name: String, _ mode: String, _ arguments: String..., kind: String, shown: String,
                isDeflated: Bool = false
            ) {
                testDescription = name
                self.mode = mode
                self.arguments = arguments
                self.kind = kind
                self.shown = shown
                self.isDeflated = isDeflated
            }
        }

        static let bombs = [
            Bomb(
                "a frame of 10 GiB", "floods", "82 7f 0000000280000000", "00", kind: "too_big",
                shown: "message of at least 10737418240 bytes"),
            Bomb(
                "a million fragments of one byte", "floods", "02 01 00", "00 01 00", "1000000", "80 01 00",
                kind: "too_big", shown: "message of more than 131072 fragments"),
            Bomb(
                "fragments of nothing without end", "floods", "02 00", "00 00", kind: "too_big",
                shown: "message of more than 131072 fragments"),
            Bomb(
                "fragments of 16 KiB without end", "floods", "02 00", "00 7e 4000" + zeros(16_384),
                kind: "too_big", shown: "16777216 are the limit"),
            Bomb(
                "a header without end", "endless-head", "HTTP/1.1 101 Switching Protocols\r\nX-Filler: ", "0123456789",
                kind: "handshake", shown: "head of more than 64 KiB"),
            Bomb(
                "headers without end", "endless-head", "HTTP/1.1 101 Switching Protocols\r\n", "X-Filler: 0\r\n",
                kind: "handshake", shown: "head with more than 128 header lines"),
            Bomb(
                "interim answers without end", "endless-head", "", "HTTP/1.1 100 Continue\r\n\r\n", kind: "handshake",
                shown: "more than 16 interim answers"),
            Bomb(
                "a GiB of zeros in a thousandth of that", "inflates", "1024", kind: "too_big",
                shown: "inflates to more than 200 times its size", isDeflated: true),
            Bomb(
                "a GiB of zeros in a hundredth of that", "inflates", "1024", "9000", kind: "too_big",
                shown: "inflates to more than 16777216 bytes", isDeflated: true),
        ]

        /// What a run takes that meets none of them.
        private static let harmless = Task { try await run(against: "echo", in: TemporaryDirectory()) }

        private static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

        @Test(arguments: bombs) func isToldAtOnceAndTakesNoMemory(_ bomb: Bomb) async throws {
            let folder = try TemporaryDirectory()
            let harmless = try await Self.harmless.value
            let result = try await Self.run(
                against: bomb.mode, bomb.arguments, connect: bomb.isDeflated ? "compression: true" : "{}", in: folder)
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == [bomb.kind], "\(result.transcript)")
            #expect(result.output.contains(bomb.shown), "\(result.transcript)")
            #expect(report.durationMilliseconds <= 1_000, "\(result.transcript)")
            let more = result.peakResidentKiB - harmless.peakResidentKiB
            #expect(harmless.peakResidentKiB > 0 && more <= 64 << 10, "\(more) KiB more")
        }

        /// A run with times so long that none of them can be what ends it.
        private static func run(
            against mode: String, _ arguments: [String] = [], connect: String = "{}", in folder: TemporaryDirectory
        ) async throws -> ProcessRunner.Result {
            let peer = try await EndToEnd.rawPeer(mode, arguments)
            let plan = """
                url: \(peer.url)
                connect:
                  \(connect)
                timeouts:
                  connect: 20s
                  close: 20s
                  session: 20s
                on_open:
                  - send: hello
                on_message:
                  - close
                # Long enough for a look at the memory that it took.
                on_error:
                  - wait: 100ms
                on_close:
                  - wait: 100ms
                """
            return try await EndToEnd.run(plan: plan, in: folder).run()
        }
    }
}
