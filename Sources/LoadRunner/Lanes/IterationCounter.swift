import Synchronization

/// Numbers the iterations of the users of one scenario, whatever loop they are on, and knows when there are no more.
final class IterationCounter: Sendable {
    private let taken = Atomic<Int64>(0)
    private let limit: Int64?
    private let numbers: Share

    init(_ part: LoadPart) {
        limit = part.iterationLimit
        numbers = part.turns ?? part.users
    }

    /// The number of a new iteration within the run, from 0; nil when there are no more.
    func take() -> Int64? {
        let ordinal = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        if let limit, ordinal >= limit { return nil }
        return numbers.number(ordinal)
    }

    /// Whether there are any left to take.
    var hasMore: Bool { limit.map { taken.load(ordering: .relaxed) < $0 } ?? true }
}
