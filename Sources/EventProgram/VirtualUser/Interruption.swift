import Synchronization

/// A request of another thread that users put off what they execute, so that their loop hears of other things: what is put off
/// goes on with their next stimulus. It is made only where a loop does not come back from one of them.
package final class Interruption: @unchecked Sendable {
    // Sendable: what changes is atomic.

    /// By its address, so that looking at it counts no reference: that is done before every instruction.
    let place: UnsafeMutablePointer<Atomic<Bool>>

    package init() {
        place = .allocate(capacity: 1)
        place.initialize(to: Atomic(false))
    }

    deinit {
        place.deinitialize(count: 1)
        place.deallocate()
    }

    package func request() { place.pointee.store(true, ordering: .relaxed) }

    /// The loop has come back.
    package func withdraw() { place.pointee.store(false, ordering: .relaxed) }
}
