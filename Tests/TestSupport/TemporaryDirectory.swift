import Glibc

/// A folder for one test, removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
    package let path: String

    /// - Throws: `SystemCallFailure`.
    package init() throws {
        var template = Array("/tmp/wsplan-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemCallFailure("mkdtemp") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        Self.removeTree(path)
    }

    private static func removeTree(_ path: String) {
        guard remove(path) != 0, let names = try? TextFile.names(in: path) else { return }
        for name in names { removeTree(path + "/" + name) }
        remove(path)
    }

    /// The path of a file in this folder, which need not exist.
    package func path(of name: String) -> String { path + "/" + name }

    /// Writes a file into this folder, over one of the same name, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try TextFile.write(text, to: path(of: name))
        return path(of: name)
    }

    /// Makes a folder in this one and returns its path.
    package func makeDirectory(_ name: String) throws -> String {
        guard mkdir(path(of: name), 0o755) == 0 else { throw SystemCallFailure("mkdir \(path(of: name))") }
        return path(of: name)
    }
}
