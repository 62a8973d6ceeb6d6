import TestSupport

extension EndToEnd {
    /// The certificates of the TLS tests, made once for each run of the tests.
    static let certificates: String = {
        let folder = BuiltProducts.packageRoot + "/.build/certificates"
        guard
            let child = try? ChildProcess(
                "/bin/sh", [servers + "/certificates", folder], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
                output: .inherited, error: .inherited)
        else { preconditionFailure("no /bin/sh") }
        precondition(child.reap() == .exited(0), "the certificates cannot be made (is `openssl` there?)")
        return folder
    }()

    /// A WebSocket server behind TLS, as `tls_server.py` says.
    static func tlsServer(_ mode: String = "echo", _ options: [String] = []) async throws -> TestServer {
        try await TestServer.start(servers + "/tls_server.py", [certificates, mode] + options)
    }

    /// A plan that sends a message, waits for its echo, and closes. `tls` are lines of `connect.tls`; the certificates lie
    /// beside the plan.
    static func tlsPlan(_ host: String, _ port: Int, _ tls: String, load: String = "", steps: String? = nil) -> String {
        let lines = tls.split(separator: "\n").map { "    \($0)\n" }.joined()
        return "url: wss://\(host):\(port)/\n"
            + (lines.isEmpty ? "" : "connect:\n  tls:\n" + lines)
            + (load.isEmpty ? "" : "load:\n  \(load)\n")
            + (steps
                ?? """
                on_open:
                  - send: hello
                on_message:
                  - check:
                      it is an echo: message.text == "hello"
                  - close
                timeouts:
                  session: 20s
                """)
    }
}

/// What `tls_server.py` has to say at its end.
struct TLSCounts: Decodable {
    var handshakes: Int
    var resumed: Int
    var names: [String?]
    var protocols: [String?]
    var versions: [String]
    var clients: [String?]
    var closes: [String]
    var received: Int
}
