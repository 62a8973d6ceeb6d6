import Dispatch
import Synchronization
import WebSocketCodec

/// Sockets and timers of many connections, on one thread at a time.
///
/// libdispatch carries the loop; it does not carry the connections. All descriptors of the loop are in one epoll set,
/// and one read source on a serial queue watches that set: a message costs no source, no queue hop and no allocation.
/// While ``lingers`` is on, the loop waits up to a millisecond for more work before it gives its thread back.
///
/// A connection lives and dies on its loop. Everything but ``enqueue(_:)``, ``start()`` and ``shutdown()`` is to be used
/// on the loop only, that is, from within a call of its client or an enqueued block; before ``start()`` from anywhere.
package final class EventLoop: @unchecked Sendable {
    // Sendable: all state is confined to `queue` once the loop has started; `inbox` has a lock of its own.

    /// A receive takes at most so much, and a connection gets one receive a pass: none can starve the others. A message of
    /// 64 KiB, a size that many servers have as their limit, fits in with its header, so that it is taken in one receive
    /// and told where it lies.
    private static let receiveSize = 128 << 10

    package let label: String

    /// Who is told what happens. The loop keeps it alive until it is shut down.
    package var client: (any LoopClient)?

    let queue: DispatchQueue
    let resolver: Resolver
    /// What every message touches.
    let state: UnsafeMutablePointer<LoopState>
    var listeners: [Listener] = []
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: receiveSize, alignment: 16)

    /// Work handed over by other threads.
    struct Inbox {
        var work: [@Sendable (EventLoop) -> Void] = []
        var isClosed = false
    }
    let inbox = Mutex(Inbox())
    let wakeDescriptor: Int32
    var source: (any DispatchSourceRead)?
    var isStopping = false
    let stopped = DispatchSemaphore(value: 0)

    /// A loop that does nothing until ``start()``.
    ///
    /// - Parameter accountCount: whose bytes are told apart; every connection belongs to one of so many accounts.
    package init(label: String, accountCount: Int = 1, resolver: Resolver = .shared) throws(SystemCallError) {
        let poller = try Poller()
        wakeDescriptor = poller.wakeDescriptor
        state = .allocate(capacity: 1)
        state.initialize(to: LoopState(poller: poller, accountCount: accountCount))
        self.label = label
        self.resolver = resolver
        queue = DispatchQueue(label: label)
    }

    deinit {
        receiveBuffer.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// A defect of the caller's, found in debug builds: the loop's state is touched from outside of the loop.
    func preconditionOnLoop() {
        #if DEBUG
            if source != nil { dispatchPrecondition(condition: .onQueue(queue)) }
        #endif
    }
}
