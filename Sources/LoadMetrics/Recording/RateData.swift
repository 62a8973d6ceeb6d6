/// How many samples of a rate passed, and how many did not.
package struct RateData: Hashable, Sendable {
    package var passes: UInt64
    package var fails: UInt64

    package init(passes: UInt64 = 0, fails: UInt64 = 0) {
        self.passes = passes
        self.fails = fails
    }

    package var count: UInt64 { passes + fails }

    /// The share that passed, 0 to 1; 0 without samples.
    package var share: Double { count == 0 ? 0 : Double(passes) / Double(count) }

    static func + (left: RateData, right: RateData) -> RateData {
        RateData(passes: left.passes &+ right.passes, fails: left.fails &+ right.fails)
    }

    static func - (left: RateData, right: RateData) -> RateData {
        RateData(passes: left.passes &- right.passes, fails: left.fails &- right.fails)
    }
}
