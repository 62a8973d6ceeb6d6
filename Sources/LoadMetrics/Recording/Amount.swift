/// The sum of a counter of the plan's own, whose samples need not be whole: millionths, so that it is the same whatever the
/// order in which loops and shards are added up, and that 0.1 and 0.2 are 0.3.
package struct Amount: Hashable, Sendable {
    package var millionths: UInt128

    package init(millionths: UInt128 = 0) { self.millionths = millionths }

    /// - Parameter sample: from 0 to `MetricDefinition.largestSample`.
    init(_ sample: Double) {
        millionths = UInt128(UInt64((sample * MetricDefinition.partsPerUnit).rounded()))
    }

    /// Exact but for its rounding to a Double.
    package var value: Double { Double(millionths) / MetricDefinition.partsPerUnit }

    package static func + (left: Amount, right: Amount) -> Amount {
        Amount(millionths: left.millionths + right.millionths)
    }

    static func - (left: Amount, right: Amount) -> Amount {
        Amount(millionths: left.millionths - right.millionths)
    }
}
