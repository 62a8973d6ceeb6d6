/// A small stream of random numbers (SplitMix64): one word of state, so that every task can have its own.
///
/// Streams made of different seeds are independent, and the same seed gives the same numbers on every machine.
package struct RandomStream: Hashable, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// A stream for one place: the seed and each component (VU, iteration, place in the plan, ordinal) are mixed so
    /// that neighbours share nothing.
    package init(seed: UInt64, _ components: UInt64...) {
        var mixed = Self.mix(seed)
        for component in components { mixed = Self.mix(mixed ^ Self.mix(component &+ Self.increment)) }
        state = mixed
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    private static func mix(_ word: UInt64) -> UInt64 {
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
