import COpenSSL
import Glibc
import Synchronization

/// A file of the secrets of TLS connections, which tools that record traffic need to read it (NSS key log format).
package final class TLSKeyLog: Sendable {
    private let descriptor: Int32
    /// Why the first line that could not be written could not.
    private let failure = Atomic<Int32>(0)

    /// Opens the file, to write behind what it has. Nobody but its owner may read it from here on, also where it was there
    /// before.
    package init(path: String) throws(SystemCallError) {
        // No loop waits for the reader of a pipe.
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw SystemCallError(call: "open", errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG || fchmod(descriptor, 0o600) == 0
        else { throw SystemCallError(call: "fchmod", errno: errno) }
    }

    deinit { close(descriptor) }

    /// Why lines are missing; nil where none are.
    package var problem: SystemCallError? {
        let code = failure.load(ordering: .relaxed)
        return code == 0 ? nil : SystemCallError(call: "write", errno: code)
    }

    /// One write(2) a line, which other processes' lines in the same file do not cut.
    private func write(_ line: UnsafePointer<CChar>) {
        var bytes = Array(UnsafeRawBufferPointer(start: line, count: strlen(line)))
        bytes.append(UInt8(ascii: "\n"))
        var result = Glibc.write(descriptor, bytes, bytes.count)
        while result < 0, errno == EINTR { result = Glibc.write(descriptor, bytes, bytes.count) }
        guard result != bytes.count else { return }
        let code = result < 0 ? errno : ENOSPC
        _ = failure.compareExchange(expected: 0, desired: code, ordering: .relaxed)
    }

    /// What OpenSSL calls with each line.
    static let log: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = { connection, line in
        guard let line else { return }
        TLSContext.of(connection)?.keyLog?.write(line)
    }
}
