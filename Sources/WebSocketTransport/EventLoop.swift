internal import Dispatch
internal import Synchronization
internal import WebSocketCodec

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

    /// Work handed over from other threads.
    private struct Inbox {
        var work: [@Sendable (EventLoop) -> Void] = []
        var isClosed = false
    }

    /// A receive takes at most so much, and a connection gets one receive a pass: none can starve the others.
    private static let receiveSize = 64 << 10
    /// Timers that fire in one pass, so that a timer that re-arms itself without end leaves sockets their turn.
    private static let timersPerPass = 1_024

    package let label: String

    /// Who is told what happens.
    package var client: (any LoopClient)?

    /// Whether the loop waits up to a millisecond for more events before it returns to libdispatch. To be on while a run
    /// is active: the way through libdispatch would be measured as the server's latency.
    package var lingers = false

    /// The latest reading of the clock on this loop: when the present bytes were received, or the present timers
    /// were found due.
    package internal(set) var nowNanoseconds = MonotonicClock.nowNanoseconds

    /// What went over the wire.
    package internal(set) var traffic = Traffic()

    let queue: DispatchQueue
    var poller: Poller
    var connections = ConnectionTable()
    var timers = TimerWheel(nowNanoseconds: MonotonicClock.nowNanoseconds)
    var listeners: [Listener] = []
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: receiveSize, alignment: 16)
    var clientEncoder = FrameEncoder(role: .client)
    var serverEncoder = FrameEncoder(role: .server)
    /// Connections with something to write.
    var dirty: [ConnectionID] = []
    /// Connections whose end is still to be told.
    var endings: [ConnectionID] = []
    let resolver: Resolver

    private let inbox = Mutex(Inbox())
    private var source: (any DispatchSourceRead)?
    private let stopped = DispatchSemaphore(value: 0)

    /// A loop that does nothing until ``start()``.
    package convenience init(label: String) throws(SystemCallError) {
        try self.init(label: label, resolver: .shared)
    }

    init(label: String, resolver: Resolver) throws(SystemCallError) {
        self.label = label
        self.resolver = resolver
        queue = DispatchQueue(label: label)
        poller = try Poller()
    }

    deinit {
        receiveBuffer.deallocate()
    }
}
