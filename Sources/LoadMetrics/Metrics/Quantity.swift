/// A measured or demanded value, with the unit that says how to write it.
package struct Quantity: Hashable, Sendable {
    package enum Unit: String, Hashable, Sendable {
        case count
        case perSecond
        case bytes
        case bytesPerSecond
        /// 0 to 1, written as a percentage.
        case share
        case nanoseconds
    }

    package var value: Double
    package var unit: Unit

    package init(_ value: Double, _ unit: Unit) {
        self.value = value
        self.unit = unit
    }
}

extension Quantity {
    /// What a sum comes to per second; 0 when no time has passed.
    package static func perSecond(_ sum: Double, in durationNanoseconds: Int64) -> Double {
        durationNanoseconds > 0 ? sum * 1e9 / Double(durationNanoseconds) : 0
    }
}
