/// The lowest, highest and last level of a gauge.
package struct GaugeData: Hashable, Sendable {
    package var min: Double
    package var max: Double
    package var last: Double
    /// How often it was set or changed.
    package var count: UInt64

    package init(min: Double, max: Double, last: Double, count: UInt64) {
        self.min = min
        self.max = max
        self.last = last
        self.count = count
    }

    /// Adds what became of it later.
    mutating func append(_ later: GaugeData) {
        min = Swift.min(min, later.min)
        max = Swift.max(max, later.max)
        last = later.last
        count += later.count
    }
}
