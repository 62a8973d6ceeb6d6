import Diagnostics
import Glibc

/// The folder that a plan lies in, and with it all the files whose content a plan may use: they are part of what its author
/// has checked in, so that a plan from elsewhere reads nothing of the machine it runs on.
struct PlanFolder {
    /// Why a file cannot be read, to end a sentence that begins with its name.
    struct Problem: Error {
        var reason: String
        var help: String?
    }

    private let path: String

    /// The folder of a plan file; for standard input the working directory.
    init(of file: SourceFile) {
        let isFile = file.name != SourceFile.standardInputName
        path = isFile ? file.name.lastIndex(of: "/").map { String(file.name[...$0]) } ?? "./" : "./"
    }

    /// Reads a file, named as the plan names it, of at most `limit` bytes. Links may lead from place to place within the
    /// folder, and not out of it. What is no file (a FIFO that nobody writes to, a device without end) is not opened.
    func read(_ written: String, limit: Int) throws(Problem) -> [UInt8] {
        try Self.readFile(try resolve(written), limit: limit)
    }

    /// Reads any file of at most `limit` bytes; links to it are followed.
    static func readFile(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
        guard let resolved = realPath(path) else { throw Problem(errno) }
        var status = stat()
        guard stat(resolved, &status) == 0 else { throw Problem(errno) }
        try checkIsFile(status)
        // O_NONBLOCK and the second look: it may have become something else since.
        let descriptor = open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw Problem(errno) }
        defer { close(descriptor) }
        try checkIsFile(status)
        guard status.st_size <= limit else { throw Problem(tooLargeFor: limit) }
        return try readAll(descriptor, expecting: Int(status.st_size), limit: limit)
    }

    /// Where the file is, all links followed.
    private func resolve(_ written: String) throws(Problem) -> String {
        guard let folder = Self.realPath(path) else { throw Problem(errno) }
        guard let file = Self.realPath(folder + "/" + written) else { throw Problem(errno) }
        let beginning = folder == "/" ? folder : folder + "/"
        guard file.utf8.starts(with: beginning.utf8) else {
            throw Problem(
                reason: "lies outside of the plan's folder", help: "put it into the folder of the plan, or below it")
        }
        return file
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func checkIsFile(_ status: stat) throws(Problem) {
        let kind: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: kind = "a directory"
        case S_IFIFO: kind = "a FIFO"
        case S_IFSOCK: kind = "a socket"
        default: kind = "a device"
        }
        throw Problem(reason: "is \(kind), not a file", help: nil)
    }

    private static func readAll(_ descriptor: Int32, expecting size: Int, limit: Int) throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw Problem(errno)
            }
            guard bytes.count + count <= limit else { throw Problem(tooLargeFor: limit) }
            bytes += chunk[..<count]
        }
    }
}

extension PlanFolder.Problem {
    fileprivate init(_ code: Int32) {
        switch code {
        case ENOENT: self.init(reason: "does not exist", help: "its path is relative to the plan's folder")
        case ENOTDIR: self.init(reason: "does not exist: a part of its path is no directory", help: nil)
        case ELOOP: self.init(reason: "is a link that leads to itself", help: nil)
        default: self.init(reason: "cannot be read: \(String(cString: strerror(code)))", help: nil)
        }
    }

    fileprivate init(tooLargeFor limit: Int) {
        self.init(reason: "is larger than the \(limit >> 20) MiB that such a file may have", help: nil)
    }
}
