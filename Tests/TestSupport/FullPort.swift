import Glibc

/// A port at which TCP connections do not come about: its listener accepts none, and its queue is full.
///
/// Whoever makes one stops it: what a `deinit` would do, an optimised build does as soon as nobody reads it any more.
package final class FullPort: Sendable {
    package let number: Int
    private let descriptors: [Int32]

    /// - Throws: `SystemCallFailure`.
    package init() throws {
        let (listener, port) = try LoopbackSocket.listen(backlog: 0)
        let waiting = try (0..<4).map { _ in
            let descriptor = try LoopbackSocket.make(SOCK_NONBLOCK)
            LoopbackSocket.connect(descriptor, to: port)
            return descriptor
        }
        number = port
        descriptors = waiting + [listener]
    }

    /// Gives the port back. Once.
    package func stop() {
        for descriptor in descriptors { close(descriptor) }
    }
}
