import TestSupport
import Testing

/// A way in which a run could be called a success and is none, and its honest twin: a plan that differs in what it asks for, or
/// has a server that does right, and passes.
struct Trap: CustomTestStringConvertible, Sendable {
    enum Server: Sendable {
        /// `serve: echo`.
        case embedded
        /// A peer of `raw_peer.py`.
        case peer([String])
        /// An echo server behind TLS, with a certificate that nobody knows.
        case tls
        case nobody
        case url(String)

        static func peer(_ mode: String, _ arguments: String...) -> Server { .peer([mode] + arguments) }
    }

    /// A plan in pieces, and what it is run with.
    struct Attempt: Sendable {
        var server: Server
        /// Keys of `timeouts`.
        var timeouts: String
        /// The rest of the plan. In it `SERVER` is the address of the peer, and `CERTIFICATES` the folder of those.
        var plan: String
        var options: [String]
        var files: [String: String]
    }

    let testDescription: String
    /// What must not pass.
    let wrong: Attempt
    let exitCode: Int32
    /// What the verdict gives as its reasons or, where nothing is run, standard error.
    let reasons: [String]
    /// What else the reader has to see.
    let shown: [String]
    /// What has to; nil where no plan could want it otherwise.
    let right: Attempt?

    /// - Parameters:
    ///   - server: of both plans, unless `rightServer` is given.
    ///   - plan: what both plans have.
    ///   - fails: what only the wrong one has.
    ///   - passes: what only the right one has.
    ///   - timeouts: of the wrong one: nobody else is to be in a hurry.
    init(
        _ name: String, _ server: Server = .embedded, _ plan: String = "", fails: String = "", timeouts: String = "",
        options: [String] = [], exitCode: Int32 = 1, because reasons: String..., shown: [String] = [],
        passes: String?, rightServer: Server? = nil, rightOptions: [String] = [], files: [String: String] = [:]
    ) {
        testDescription = name
        wrong = Attempt(
            server: server, timeouts: timeouts, plan: plan + "\n" + fails, options: options, files: files)
        self.exitCode = exitCode
        self.reasons = reasons
        self.shown = shown
        right = passes.map {
            Attempt(
                server: rightServer ?? server, timeouts: "", plan: plan + "\n" + $0, options: rightOptions, files: files
            )
        }
    }
}

extension Trap.Attempt {
    func run() async throws -> (result: ProcessRunner.Result, outcome: String?) {
        let folder = try TemporaryDirectory()
        let port = try ReservedPort()
        var peer: TestServer?
        let target: String
        switch server {
        case .embedded: target = "serve: echo\nurl: ${server.url}"
        case .peer(let arguments):
            let started = try await EndToEnd.rawPeer(arguments[0], Array(arguments.dropFirst()))
            target = "url: \(started.url)"
            peer = started
        case .tls:
            let started = try await EndToEnd.tlsServer()
            target = "url: wss://localhost:\(started.port)/"
            peer = started
        case .nobody: target = "url: ws://127.0.0.1:\(port.number)/"
        case .url(let text): target = "url: \(text)"
        }
        for (name, text) in files { try folder.write(text, to: name) }
        let plan = """
            \(target)
            timeouts:
              session: 20s
              \(timeouts)
            \(plan.replacing("CERTIFICATES", with: EndToEnd.certificates).replacing("SERVER", with: peer?.url ?? ""))
            """
        var runner = try EndToEnd.run(plan: plan, in: folder)
        // A busy machine is not what this is about.
        runner.arguments += ["--allow-limited"] + options
        let result = try await runner.run()
        withExtendedLifetime((port, peer)) {}
        return (result, try? RunReport(contentsOf: folder.path(of: "report.json")).outcome)
    }
}

extension ProcessRunner.Result {
    /// The verdict with its reasons; where there is none, what was complained of.
    var verdict: String {
        output.isEmpty ? error : String(output[..<(output.firstRange(of: "\n\n")?.lowerBound ?? output.endIndex)])
    }
}

extension EndToEnd {
    /// Every way to a false green that we know of, from our own thinking and from the trackers of other tools, each with an
    /// honest plan beside it.
    @Suite struct FalseGreens {
        static let all = Trap.connecting + Trap.sessions + Trap.thresholds + Trap.loads + Trap.plans

        @Test(arguments: all) func isNotPassedAndSaysWhy(_ trap: Trap) async throws {
            let (result, outcome) = try await trap.wrong.run()
            #expect(result.exitCode == trap.exitCode, "\(result.transcript)")
            for reason in trap.reasons {
                #expect(result.verdict.contains(reason), "'\(reason)' is no reason:\n\(result.transcript)")
            }
            for text in trap.shown {
                #expect((result.output + result.error).contains(text), "'\(text)' is not shown:\n\(result.transcript)")
            }
            // What was never run has left the file of its report empty, or made none.
            #expect(outcome == (trap.exitCode == 2 ? nil : "failed"), "\(result.transcript)")
        }

        @Test(arguments: all.filter { $0.right != nil }) func itsHonestTwinPasses(_ trap: Trap) async throws {
            let (result, outcome) = try await #require(trap.right).run()
            #expect(result.exitCode == 0 && outcome == "passed", "\(result.transcript)")
        }
    }
}
