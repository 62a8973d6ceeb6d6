import Glibc
import TestSupport
import Testing

/// The tests that run the built `wsplan`. One after the other: some of them measure times, and one of them loads the machine.
@Suite(.serialized)
enum EndToEnd {
    /// Whether the long versions are wanted (`make verify`).
    static let isVerifying = getenv("WSPLAN_VERIFY") != nil

    static let plans = BuiltProducts.packageRoot + "/plans"

    /// A run of `wsplan` that has not begun.
    static func wsplan(_ arguments: String..., environment: [String: String] = [:]) -> ProcessRunner {
        ProcessRunner(BuiltProducts.wsplan, arguments, environment: environment)
    }

    /// A run of one plan that writes its report into `folder`.
    static func run(plan: String, in folder: TemporaryDirectory) throws -> ProcessRunner {
        wsplan("run", try folder.write(plan, to: "plan.yaml"), "--report", "json=\(folder.path(of: "report.json"))")
    }

    /// The counting echo server; `compression` is what it answers to an offer of that, nothing where it declines.
    static func echoServer(compression: [String] = []) async throws -> TestServer {
        try await TestServer.start(servers + "/echo_server.py", compression)
    }

    /// The server that answers requests after delays, in milliseconds.
    static func replyServer(delays: [Int]) async throws -> TestServer {
        try await TestServer.start(servers + "/reply_server.py", delays.map(String.init))
    }

    /// A peer that misbehaves as `raw_peer.py` says.
    static func rawPeer(_ mode: String, _ arguments: [String] = [], overTLS: Bool = false) async throws -> TestServer {
        let tls = overTLS ? ["--tls", certificates + "/good.pem", certificates + "/good.key"] : []
        return try await TestServer.start(servers + "/raw_peer.py", tls + [mode] + arguments)
    }

    static let servers = BuiltProducts.packageRoot + "/Tests/WSPlanCommandTests/Servers"
}

extension ProcessRunner.Result {
    /// What the tool wrote on both streams, for messages of failed tests.
    var transcript: String { "ended: \(ending.map { "\($0)" } ?? "killed")\n\(output)\n\(error)" }
}
