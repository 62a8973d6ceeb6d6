import Glibc
import TestSupport
import Testing

/// The machinery that the end-to-end tests stand on.
@Suite struct ProcessRunnerTests {
    @Test func neitherSideWaitsForTheOtherWhenPipesAreFull() async throws {
        var runner = ProcessRunner("/usr/bin/tee", ["/dev/stderr"])
        runner.input = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
        let result = try await runner.run()
        #expect(result.exitCode == 0)
        #expect(result.output.utf8.count == 1 << 20 && result.error.utf8.count == 1 << 20)
    }

    @Test func aProgramThatDoesNotEndIsKilled() async throws {
        let result = try await ProcessRunner("/bin/sleep", ["60"], timeout: .milliseconds(50)).run()
        #expect(result.ending == nil && result.elapsed < .seconds(10))
    }

    @Test func signalsFollowOneAnother() async throws {
        let script = "trap 'echo two' USR1; trap 'echo end; exit 7' INT; echo one; while :; do sleep 0.01; done"
        var runner = ProcessRunner("/bin/sh", ["-c", script])
        runner.signals = [.init(SIGUSR1, when: .output, shows: "one"), .init(SIGINT, when: .output, shows: "two")]
        let result = try await runner.run()
        #expect(result.exitCode == 7 && result.outputLines == ["one", "two", "end"])
    }

    @Test func writingToAClosedPipeFails() async throws {
        var runner = ProcessRunner("/bin/sh", ["-c", "trap '' PIPE; echo text || exit 9"])
        runner.output = .closedPipe
        #expect(try await runner.run().exitCode == 9)
    }

    @Test func aSignalThatIsNotCaughtIsTheEnding() async throws {
        #expect(try await ProcessRunner("/bin/sh", ["-c", "kill -TERM $$"]).run().ending == .signalled(SIGTERM))
    }
}
