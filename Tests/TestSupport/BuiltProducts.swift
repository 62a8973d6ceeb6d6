import Glibc

/// Where this package and what was built of it lie.
package enum BuiltProducts {
    /// The executable under test. It stands beside the test bundle, whichever configuration that was built in.
    package static let wsplan = directory(of: runningExecutable()) + "/wsplan"

    /// The package's root folder, from where this file was compiled.
    package static let packageRoot = directory(of: directory(of: directory(of: #filePath)))

    /// The Python of the test servers, which `scripts/setup test` installs.
    package static let python = packageRoot + "/.build/venv/bin/python3"

    private static func runningExecutable() -> String {
        guard let path = realpath("/proc/self/exe", nil) else { preconditionFailure("/proc/self/exe: errno \(errno)") }
        defer { free(path) }
        return String(cString: path)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { preconditionFailure("'\(path)' is not absolute") }
        return String(path[..<slash])
    }
}
