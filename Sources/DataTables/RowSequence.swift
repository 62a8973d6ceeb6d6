package import Expressions

/// Which row is the n-th to be dealt. A function of nothing but n, so that whoever knows a number knows its row, and a run
/// that is split over several machines needs no more than to split the numbers.
package struct RowSequence: Sendable {
    package enum Order: String, CaseIterable, Sendable {
        /// As they stand in the file.
        case sequential
        /// Each row once, in an order of their own; once more in another one, and so on.
        case shuffle
        /// Any row each time, whatever was dealt before.
        case random
    }

    /// What comes behind the last row.
    package enum End: String, CaseIterable, Sendable {
        /// The first one again.
        case recycle
        /// Nothing.
        case stop
    }

    private let count: UInt64
    private let order: Order
    private let end: End
    private let seed: RandomSeed

    /// - Parameter count: the number of rows, at least one.
    package init(count: Int, order: Order, end: End, seed: RandomSeed) {
        precondition(count > 0, "a sequence of no rows")
        self.count = UInt64(count)
        self.order = order
        self.end = end
        self.seed = seed
    }

    /// How many can be dealt; nil for a sequence without end.
    package var length: UInt64? { end == .stop ? count : nil }

    /// The index of the row that is dealt with number `ordinal`, from 0; nil behind the end.
    package func row(_ ordinal: UInt64) -> Int? {
        if end == .stop, ordinal >= count { return nil }
        switch order {
        case .sequential: return Int(ordinal % count)
        case .shuffle:
            let permutation = Permutation(count: count, seed: seed.branch(ordinal / count))
            return Int(permutation[ordinal % count])
        case .random:
            var stream = seed.branch(ordinal).stream
            return Int(stream.next(below: count))
        }
    }
}

/// The numbers below `count` in another order, each of them found without the others: a Feistel network over the smallest
/// square that holds them, walked until it comes to one of them (cycle walking), which takes four rounds on average at most.
struct Permutation {
    private static let rounds: UInt64 = 8

    private let count: UInt64
    private let seed: RandomSeed
    private let halfBits: UInt64

    init(count: UInt64, seed: RandomSeed) {
        self.count = count
        self.seed = seed
        let bits = UInt64(UInt64.bitWidth - (count - 1).leadingZeroBitCount)
        halfBits = max(1, (bits + 1) / 2)
    }

    subscript(_ position: UInt64) -> UInt64 {
        var number = position
        repeat { number = scrambled(number) } while number >= count
        return number
    }

    private func scrambled(_ number: UInt64) -> UInt64 {
        let mask: UInt64 = 1 << halfBits - 1
        var (left, right) = (number >> halfBits, number & mask)
        for round in 0..<Self.rounds {
            var stream = seed.branch(round).branch(right).stream
            (left, right) = (right, left ^ (stream.next() & mask))
        }
        return left << halfBits | right
    }
}
