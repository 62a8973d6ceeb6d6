/// How a threshold fared in the full windows of a run.
package struct WindowJudgement: Hashable, Sendable {
    package private(set) var count = 0
    /// Of these, those in which it did not hold, or that had no samples.
    package private(set) var failedCount = 0
    /// The result of the worst window.
    private(set) var worst: ThresholdResult?
    /// Where the rest behind the last full window begins, if it did not hold there.
    private(set) var failedRestNanoseconds: Int64?

    init() {}

    /// The one that gave a result.
    init(of result: ThresholdResult) {
        count = result.windowCount ?? 0
        failedCount = result.failedWindowCount
        failedRestNanoseconds = result.failedRestNanoseconds
        guard result.worstWindow != nil else { return }
        var worst = result
        (worst.windowCount, worst.failedWindowCount, worst.failedRestNanoseconds) = (nil, 0, nil)
        self.worst = worst
    }

    /// Adds the window behind the last one.
    mutating func add(_ result: ThresholdResult, of threshold: Threshold, windowNanoseconds: Int64) {
        compare(result, of: threshold, windowNanoseconds: windowNanoseconds)
        count += 1
        if result.outcome != .passed { failedCount += 1 }
    }

    /// Adds what lies behind the last full window, of which only a failure counts.
    mutating func addRest(_ result: ThresholdResult, of threshold: Threshold, windowNanoseconds: Int64) {
        guard count > 0, result.outcome != .passed else { return }
        failedRestNanoseconds = compare(result, of: threshold, windowNanoseconds: windowNanoseconds)
    }

    /// Takes the result of the window behind the last one for the worst, if it is.
    ///
    /// - Returns: where that window begins.
    @discardableResult
    private mutating func compare(
        _ result: ThresholdResult, of threshold: Threshold, windowNanoseconds: Int64
    ) -> Int64 {
        var result = result
        let start = threshold.afterNanoseconds + Int64(count) * windowNanoseconds
        result.worstWindow = start..<start + windowNanoseconds
        if let worst {
            let isWorse = threshold.badness(of: worst.value?.value) < threshold.badness(of: result.value?.value)
            if isWorse { self.worst = result }
        } else {
            worst = result
        }
        return start
    }

    /// What they come to: the worst window's value and samples. Without a full window nothing was judged.
    func result(of threshold: Threshold) -> ThresholdResult {
        guard var result = worst else {
            var result = ThresholdResult.withoutSamples(threshold)
            result.windowCount = 0
            return result
        }
        // It may have been renamed since.
        result.threshold = threshold
        result.windowCount = count
        result.failedWindowCount = failedCount
        result.failedRestNanoseconds = failedRestNanoseconds
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
