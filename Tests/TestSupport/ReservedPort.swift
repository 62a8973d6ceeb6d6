import Glibc

/// A port of the loopback interface that is bound but not listening: connecting to it is refused, and nobody else gets it.
package final class ReservedPort {
    package let number: Int
    private let descriptor: Int32

    /// - Throws: `SystemCallFailure`.
    package init() throws {
        descriptor = try LoopbackSocket.make()
        number = try LoopbackSocket.bind(descriptor)
    }

    deinit { close(descriptor) }
}
