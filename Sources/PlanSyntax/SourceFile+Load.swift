package import Diagnostics
import Glibc

extension SourceFile {
    /// Why a plan file could not be read.
    package struct LoadError: Error, Hashable, Sendable, CustomStringConvertible {
        package enum Reason: Hashable, Sendable {
            case notFound
            case isDirectory
            case tooLarge
            /// Another failure of the system call, as `errno`.
            case system(Int32)
        }

        package var path: String
        package var reason: Reason

        /// One sentence, with the path.
        package var description: String {
            switch reason {
            case .notFound where path.unicodeScalars.contains("\u{FFFD}"):
                "there is no file '\(path)'; if its name is not UTF-8, pass its text as standard input: wsplan … - < FILE"
            case .notFound: "there is no file '\(path)'"
            case .isDirectory: "'\(path)' is a directory, not a plan file"
            case .tooLarge:
                "'\(path)' is larger than the \(PlanDocument.maximumFileSize >> 20) MiB that a plan may have"
            case .system(let code): "cannot read '\(path)': \(String(cString: strerror(code)))"
            }
        }
    }

    /// Reads a whole file, or standard input for `-`, up to ``PlanDocument/maximumFileSize``.
    package static func load(path: String) throws(LoadError) -> SourceFile {
        if path == "-" {
            return SourceFile(name: standardInputName, bytes: try readAll(STDIN_FILENO, path: standardInputName))
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LoadError(path: path, reason: errno == ENOENT ? .notFound : .system(errno))
        }
        defer { close(descriptor) }
        return SourceFile(name: path, bytes: try readAll(descriptor, path: path))
    }

    private static func readAll(_ descriptor: Int32, path: String) throws(LoadError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw LoadError(path: path, reason: errno == EISDIR ? .isDirectory : .system(errno))
            }
            guard bytes.count + count <= PlanDocument.maximumFileSize else {
                throw LoadError(path: path, reason: .tooLarge)
            }
            bytes += chunk[..<count]
        }
    }
}
