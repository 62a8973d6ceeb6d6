import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What shows how a run stands while it goes on.
    @Suite struct Progress {
        /// What `on_terminal.py` prints.
        private struct Terminal: Decodable {
            var screen: [String]
            var erased: [String]
            var seconds: Double
            var code: Int32
        }

        private static let plan = """
            serve: echo
            url: ${server.url}
            load:
              vus: 3
              duration: 1500ms
            on_open:
              - every: 20ms
                do:
                  - send: hello
              - every: 70ms
                do:
                  - log: a line of the plan's own
            """

        private func onTerminal(columns: Int, _ arguments: String...) async throws -> Terminal {
            let result = try await ProcessRunner(
                BuiltProducts.python,
                ["-I", EndToEnd.servers + "/on_terminal.py", String(columns), BuiltProducts.wsplan] + arguments
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            return try JSONDecoder().decode(Terminal.self, from: Data(result.output.utf8))
        }

        @Test func aTerminalHasALineThatIsDrawnAnewInItsPlace() async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(Self.plan, to: "plan.yaml")
            let terminal = try await onTerminal(columns: 90, "run", path)
            #expect(terminal.code == 0, "\(terminal)")
            let whole = #/[0-9.]+m?s: [0-3] VUs?, [0-3] sessions? open, [0-9.]+ messages\/s, 0 errors/#
            for line in terminal.erased { #expect(line.wholeMatch(of: whole) != nil, "\(line)") }
            #expect(terminal.erased.contains { $0.contains("3 VUs, 3 sessions open") }, "\(terminal)")
            #expect(terminal.erased.count >= 3, "\(terminal)")
            #expect(Double(terminal.erased.count) <= 10 * terminal.seconds + 1, "\(terminal)")
            // Nothing of it stays, and every other line is whole.
            let end = try #require(terminal.screen.firstIndex { $0.hasSuffix("plan passed") }, "\(terminal)")
            #expect(end >= 20, "\(terminal)")
            let logged = #/INFO \[default vu=[1-3] iter=0\] a line of the plan's own/#
            for line in terminal.screen[..<end] { #expect(line.wholeMatch(of: logged) != nil, "\(line)") }
        }

        @Test func aNarrowTerminalHasWhatThereIsRoomFor() async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(Self.plan, to: "plan.yaml")
            let terminal = try await onTerminal(columns: 20, "run", path)
            #expect(terminal.erased.allSatisfy { $0.count == 19 }, "\(terminal)")
            #expect(!terminal.erased.isEmpty, "\(terminal)")
        }

        @Test(arguments: ["--quiet", "--smoke"]) func thereIsNone(with option: String) async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(Self.plan, to: "plan.yaml")
            let terminal = try await onTerminal(columns: 90, "run", option, path)
            #expect(terminal.erased.isEmpty, "\(terminal)")
        }

        /// A line every ten seconds: shorter runs have none.
        @Test(arguments: EndToEnd.isVerifying ? [1, 11, 21] : [1, 11])
        func elsewhereThereIsALineNowAndThen(_ seconds: Int) async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(Self.plan, to: "plan.yaml")
            let result = try await EndToEnd.wsplan("run", "--duration", "\(seconds)s", path).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let lines = result.errorLines.filter { !$0.hasPrefix("INFO ") }
            #expect(lines.count == seconds / 10, "\(lines)")
            let whole = #/[0-9.]+s: 3 VUs, 3 sessions open, [0-9.]+ messages\/s, 0 errors/#
            for line in lines { #expect(line.wholeMatch(of: whole) != nil, "\(line)") }
        }
    }
}
