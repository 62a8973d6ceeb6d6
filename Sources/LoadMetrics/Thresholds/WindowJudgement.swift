/// How a threshold fared in the full windows of a run.
package struct WindowJudgement: Hashable, Sendable {
    package private(set) var count = 0
    /// Of these, those in which it did not hold, or that had no samples.
    package private(set) var failedCount = 0
    /// The result of the worst window.
    private(set) var worst: ThresholdResult?

    init() {}

    init(count: Int, failedCount: Int, worst: ThresholdResult?) {
        self.count = count
        self.failedCount = failedCount
        self.worst = worst
    }

    /// Adds the window behind the last one.
    mutating func add(_ result: ThresholdResult, of threshold: Threshold, windowNanoseconds: Int64) {
        var result = result
        let start = threshold.afterNanoseconds + Int64(count) * windowNanoseconds
        count += 1
        if result.outcome != .passed { failedCount += 1 }
        result.worstWindow = start..<start + windowNanoseconds
        guard let before = worst else { return worst = result }
        if threshold.badness(of: before.value?.value) < threshold.badness(of: result.value?.value) { worst = result }
    }

    /// What they come to: the worst window's value and samples. Without a full window nothing was judged.
    func result(of threshold: Threshold) -> ThresholdResult {
        guard var result = worst else {
            var result = ThresholdResult.withoutSamples(threshold)
            result.windowCount = 0
            return result
        }
        result.windowCount = count
        result.failedWindowCount = failedCount
        return result
    }
}

extension Threshold {
    /// The greater, the further from holding; a window without samples is the worst of all.
    fileprivate func badness(of value: Double?) -> Double {
        guard let value else { return .infinity }
        return switch comparison {
        case .less, .lessOrEqual: value
        case .greater, .greaterOrEqual: -value
        case .equal: abs(value - limit.value)
        case .notEqual: -abs(value - limit.value)
        }
    }
}
