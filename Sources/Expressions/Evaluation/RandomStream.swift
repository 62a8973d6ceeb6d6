/// What random numbers derive from: the root of a tree, each branch of which is told from its neighbours by a number. A virtual
/// user, an iteration, a place in the plan and a run of it are branches upon branches, whose numbers share nothing.
package struct RandomSeed: Hashable, Sendable {
    private let word: UInt64

    package init(_ number: UInt64) { word = RandomStream.mix(number) }

    private init(word: UInt64) { self.word = word }

    package func branch(_ number: UInt64) -> RandomSeed {
        RandomSeed(word: RandomStream.mix(word ^ RandomStream.mix(number &+ RandomStream.increment)))
    }

    /// The numbers that belong to this branch.
    package var stream: RandomStream { RandomStream(state: word) }
}

/// A small stream of random numbers (SplitMix64): one word of state, so that every task can have its own.
///
/// Streams made of different seeds are independent, and the same seed gives the same numbers on every machine.
package struct RandomStream: Hashable, Sendable {
    private var state: UInt64

    fileprivate init(state: UInt64) { self.state = state }

    fileprivate static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    fileprivate static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Uniform in `0..<bound` without bias (multiply and reject); `bound` 0 stands for 2^64.
    package mutating func next(below bound: UInt64) -> UInt64 {
        guard bound > 0 else { return next() }
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// Uniform in `0..<1`, a multiple of 2^-53.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
