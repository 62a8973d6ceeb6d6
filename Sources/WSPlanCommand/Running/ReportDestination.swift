import ArgumentParser
import Glibc

/// `--report FORMAT=FILE`: opened before the run, so that a long one is not lost to a mistyped path, written after it.
struct ReportDestination: ExpressibleByArgument, Sendable {
    enum Format: String, CaseIterable, Sendable {
        case json
        case junit
    }

    var format: Format
    var path: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let format = Format(rawValue: String(parts[0])) else { return nil }
        self.format = format
        path = String(parts[1])
    }

    /// A file that could be opened.
    struct Handle {
        var destination: ReportDestination
        var descriptor: Int32
    }

    /// Opens the file and leaves what is in it alone.
    func open() throws(Console.WriteError) -> Handle {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Console.WriteError(code: errno) }
        return Handle(destination: self, descriptor: descriptor)
    }
}

extension ReportDestination.Handle {
    /// Puts `bytes` in the place of what the file had. The descriptor is closed whatever happens.
    func write(_ bytes: [UInt8]) throws(Console.WriteError) {
        var status = stat()
        // Pipes and devices have nothing to cut off.
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { ftruncate(descriptor, 0) }
        do throws(Console.WriteError) {
            try Console.write(bytes, to: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        // A network file system tells of a full disk only now (close(2)).
        guard Glibc.close(descriptor) == 0 else { throw Console.WriteError(code: errno) }
    }
}
