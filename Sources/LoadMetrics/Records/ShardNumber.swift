/// Which of the parts of a run a result is of (`--shard K/N`).
package struct ShardNumber: Hashable, Sendable, CustomStringConvertible {
    /// More machines than that do not share a run.
    package static let most: Int64 = 1_000_000

    /// From 1.
    package let part: Int64
    /// How many parts there are.
    package let count: Int64

    /// Nil where there is no such part.
    package init?(_ part: Int64, of count: Int64) {
        guard (1...Self.most).contains(count), (1...count).contains(part) else { return nil }
        self.part = part
        self.count = count
    }

    package var description: String { "\(part)/\(count)" }

    /// ` (shard 2/4)`, behind the words for a load.
    package var inWords: String { " (shard \(self))" }
}
