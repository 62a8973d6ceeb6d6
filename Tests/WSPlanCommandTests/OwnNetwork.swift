import TestSupport

/// A network in which there is nothing but the program under test, so that the tests may spoil it.
enum OwnNetwork {
    private static let script = EndToEnd.servers + "/in_network.py"

    /// Whether this machine lets us have one.
    static var isPossible: Bool {
        get async throws {
            try await ProcessRunner(BuiltProducts.python, ["-I", script, "--probe"]).run().exitCode == 0
        }
    }

    /// A run of `wsplan` where connections go out from these ports only.
    static func wsplan(ports: ClosedRange<Int>, _ arguments: [String]) -> ProcessRunner {
        run(["ports", "\(ports.lowerBound)", "\(ports.upperBound)"], arguments)
    }

    /// A run of `wsplan` where names are asked for and no answer comes.
    static func wsplanWithoutAnswersOfNameServers(_ arguments: [String]) -> ProcessRunner {
        run(["silent-dns"], arguments)
    }

    private static func run(_ mode: [String], _ arguments: [String]) -> ProcessRunner {
        ProcessRunner(BuiltProducts.python, ["-I", script] + mode + [BuiltProducts.wsplan] + arguments)
    }
}
