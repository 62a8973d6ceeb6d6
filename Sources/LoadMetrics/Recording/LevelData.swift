/// What a level was set to over time: a gauge of the plan's own. Levels that several loops set merge exactly, since each
/// is one of their values and no sum.
struct LevelData: Hashable, Sendable {
    private(set) var min = Double.infinity
    private(set) var max = -Double.infinity
    private(set) var last = 0.0
    private(set) var lastNanoseconds = Int64.min
    private(set) var count: UInt64 = 0

    init() {}

    init(min: Double, max: Double, last: Double, lastNanoseconds: Int64, count: UInt64) {
        self.min = min
        self.max = max
        self.last = last
        self.lastNanoseconds = lastNanoseconds
        self.count = count
    }

    mutating func set(_ level: Double, atNanoseconds time: Int64) {
        min = Swift.min(min, level)
        max = Swift.max(max, level)
        last = level
        lastNanoseconds = time
        count &+= 1
    }

    /// Adds what another loop has set, or what was set later; of the last ones the later counts.
    mutating func merge(_ other: LevelData) {
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        if other.lastNanoseconds > lastNanoseconds { (last, lastNanoseconds) = (other.last, other.lastNanoseconds) }
        count += other.count
    }

    /// What a later stretch of time begins with: a level stays until it is set again.
    var carried: LevelData {
        isKnown
            ? LevelData(min: last, max: last, last: last, lastNanoseconds: lastNanoseconds, count: 0) : LevelData()
    }

    private var isKnown: Bool { min <= max }

    /// Nil when it was never set.
    var gauge: GaugeData? { isKnown ? GaugeData(min: min, max: max, last: last, count: count) : nil }
}
