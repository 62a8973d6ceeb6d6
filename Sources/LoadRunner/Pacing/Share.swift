/// One of several equal parts of whatever is numbered from 0: virtual users, arrivals, iterations, rows.
///
/// Part k of N has the numbers k, k + N, k + 2N …, so that each number is in exactly one part, the parts differ by one at
/// most, and nobody has to ask anybody. Machines share a run this way, and the loops of a process its part of it.
package struct Share: Hashable, Sendable {
    /// From 0.
    package let index: Int64
    /// How many parts there are.
    package let count: Int64

    /// - Parameter index: from 0, below `count`.
    package init(_ index: Int64, of count: Int64) {
        precondition(count > 0 && (0..<count).contains(index), "part \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// Everything.
    package static let whole = Share(0, of: 1)

    /// One of `count` equal parts of this one.
    package func part(_ index: Int64, of count: Int64) -> Share {
        Share(self.index + self.count * index, of: self.count * count)
    }

    /// The number that is the `ordinal`-th of this part, from 0.
    package func number(_ ordinal: Int64) -> Int64 { index + ordinal * count }

    /// How many numbers below `limit` are in this part.
    package func count(below limit: Int64) -> Int64 { limit <= index ? 0 : (limit - index - 1) / count + 1 }

    /// The part that this one has of what only users can do. Where there are fewer users than parts, a part without a user
    /// has nothing of it; nil is that part.
    package func amongUsers(_ users: Int64) -> Share? {
        let parts = min(count, users)
        return index < parts ? Share(index, of: parts) : nil
    }
}
