import Glibc

/// This machine refused what a loop or listener needs (no descriptor left, address in use).
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    package var call: String
    package var errno: Int32

    package init(call: String, errno: Int32) {
        self.call = call
        self.errno = errno
    }

    /// The C library's words, without the call.
    package var reason: String { errorText(errno) }

    package var description: String { "\(call): \(reason)" }
}

/// The C library's words for an error number; the same as `strerror`, and safe on any thread.
func errorText(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        guard strerror_r(code, buffer.baseAddress!, buffer.count) == 0 else { return "error \(code)" }
        return String(cString: buffer.baseAddress!)
    }
}
