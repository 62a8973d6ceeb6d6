import Dispatch
import Glibc

/// A server program of the tests, in Python. Its first line of output is the port it listens on; when its standard input
/// ends it prints one JSON document about what it has seen, and ends.
package final class TestServer: @unchecked Sendable {
    // Sendable unchecked: `child` is used by `start`, then by `finish`, then by `deinit`, one after the other.
    package let port: Int
    private let child: ChildProcess

    package var url: String { "ws://127.0.0.1:\(port)/" }

    /// Starts the script at `path` on a free port of the loopback interface.
    /// - Throws: `SystemCallFailure`, or `Silent` when the script ends before it has said its port.
    package static func start(_ path: String, _ arguments: [String] = []) async throws -> TestServer {
        try await onItsOwnThread { try TestServer(path, arguments) }
    }

    private init(_ path: String, _ arguments: [String]) throws {
        guard access(BuiltProducts.python, X_OK) == 0 else {
            throw SystemCallFailure("\(BuiltProducts.python) (made by `scripts/setup test`)")
        }
        child = try ChildProcess(
            BuiltProducts.python, ["-I", path] + arguments, environment: ["PATH": "/usr/bin:/bin"],
            error: .inherited)
        guard let firstLine = child.readLine(), let port = Int(firstLine) else {
            child.kill()
            throw Silent(script: path)
        }
        self.port = port
    }

    /// The server is ended, where `finish` has not been called.
    deinit { child.kill() }

    /// Ends the server and returns the JSON document it leaves.
    package func finish() async throws -> String {
        try await Self.onItsOwnThread { [self] in
            child.closeStandardInput()
            let document = child.readLine()
            _ = child.reap()
            guard let document else { throw Silent(script: "the server on port \(port)") }
            return document
        }
    }

    private static func onItsOwnThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// The script did not say what it should have; its standard error has gone to that of the tests.
    package struct Silent: Error {
        let script: String
    }
}
