import Glibc
import TestSupport

/// A plan of the documentation, as a file beside those that it needs.
struct ExamplePlan {
    let line: Int
    let text: String
    let path: String
    let fails: Bool
    private let folder: TemporaryDirectory

    /// - Throws: `SystemCallFailure`.
    static func all(in document: String) throws -> [ExamplePlan] {
        let folder = try TemporaryDirectory()
        symlink(EndToEnd.certificates, folder.path(of: "certificates"))
        let blocks = try CodeBlock.all(in: document)
        for block in blocks {
            let words = block.info.split(separator: " ")
            if words.count == 2, words[1].contains(".") { try folder.write(block.text, to: String(words[1])) }
        }
        return try blocks.filter { $0.language == "yaml" }.map { block in
            ExamplePlan(
                line: block.line, text: block.text,
                path: try folder.write(block.text, to: "line-\(block.line).yaml"), fails: block.info == "yaml fails",
                folder: folder)
        }
    }
}

/// The servers of those plans that do not bring their own: they name them by environment variables.
struct ExampleServers {
    private let servers: [TestServer]
    private let variables: [(name: String, value: String)]

    init() async throws {
        let chat = try await EndToEnd.rawPeer("echo")
        let proxy = try await EndToEnd.rawPeer("proxy", ["200", "user:password"])
        let chatOverTLS = try await EndToEnd.tlsServer()
        servers = [chat, proxy, chatOverTLS]
        variables = [
            ("CHAT", "127.0.0.1:\(chat.port)"), ("PROXY", "127.0.0.1:\(proxy.port)"),
            ("CHAT_OVER_TLS", "localhost:\(chatOverTLS.port)"),
            ("PIN", "sha256/\(try await Self.pin(of: chatOverTLS))"),
        ]
    }

    /// What a run of a plan has to be told.
    func arguments(for plan: ExamplePlan) -> [String] {
        variables.filter { plan.text.contains("env.\($0.name)}") }.flatMap { ["--env", "\($0.name)=\($0.value)"] }
    }

    /// What has no owner any more an optimised build ends at once.
    func stop() async throws {
        for server in servers { _ = try await server.finish() }
    }

    /// Found out as the documentation says.
    private static func pin(of server: TestServer) async throws -> String {
        let command = try CodeBlock.all(in: EndToEnd.Documentation.reference).first { $0.text.hasPrefix("openssl ") }
        let line = command?.text.replacing("chat.example.com:443", with: "localhost:\(server.port)") ?? ""
        return try await ProcessRunner("/bin/sh", ["-c", line]).run().outputLines.first.map(String.init) ?? ""
    }
}
