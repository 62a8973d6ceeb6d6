import Synchronization

/// An iteration that is due at a certain time.
struct Arrival: Sendable {
    /// Its number within the whole load.
    var number: Int64
    /// On the monotonic clock.
    var dueNanoseconds: Int64
}

/// The users of an open load that wait for an arrival, on all loops of this process: an arrival whose own loop has none is
/// handed to one that has. Touched once for each arrival, never for a message.
final class ArrivalUsers: Sendable {
    private final class Count: Sendable {
        let value = Atomic<Int>(0)
    }

    /// How many of its free users each loop has to give.
    private let free: [Count]
    private let made = Atomic<Int64>(0)
    private let limit: Int64

    /// - Parameter limit: how many users may be made.
    init(limit: Int64, loopCount: Int) {
        self.limit = limit
        free = (0..<loopCount).map { _ in Count() }
    }

    /// The number of a user that may be made now, from 0; nil when all of them exist.
    func make() -> Int64? {
        guard made.load(ordering: .relaxed) < limit else { return nil }
        let number = made.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < limit ? number : nil
    }

    /// A user of a loop has become free.
    func give(onLoop loop: Int) { _ = free[loop].value.wrappingAdd(1, ordering: .relaxed) }

    /// Claims a free user of a loop. Whoever succeeds has one of them for sure.
    func take(fromLoop loop: Int) -> Bool {
        var count = free[loop].value.load(ordering: .relaxed)
        while count > 0 {
            let (isTaken, present) = free[loop].value.compareExchange(
                expected: count, desired: count - 1, ordering: .relaxed)
            if isTaken { return true }
            count = present
        }
        return false
    }

    /// Claims a free user of another loop, and gives that loop.
    func takeElsewhere(than loop: Int) -> Int? {
        (1..<free.count).lazy.map { (loop + $0) % self.free.count }.first { self.take(fromLoop: $0) }
    }

    /// Nobody can claim users of a loop any more. Gives how many were left.
    func close(loop: Int) -> Int { free[loop].value.exchange(0, ordering: .relaxed) }
}
