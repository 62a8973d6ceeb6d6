/// The members that say how a run stood against a threshold.
struct ThresholdStanding {
    private var value: Double?
    private var sampleCount: UInt64 = 0
    private var outcome: ThresholdResult.Outcome?
    private var hasTooFewSamples = false
    private(set) var windowCount: Int?
    private var failedWindowCount = 0
    private var worstWindow: Range<Int64>?
    private var failedRestNanoseconds: Int64?

    /// Reads one of them; false for another member.
    mutating func read(_ name: String, _ reader: inout MeasurementReader) throws(MeasurementError) -> Bool {
        switch name {
        case "value": value = try reader.isNull() ? nil : try reader.double()
        case "samples": sampleCount = try reader.count()
        case "outcome": outcome = ThresholdResult.Outcome(rawValue: try reader.string())
        case "too_few_samples": hasTooFewSamples = try reader.bool()
        case "window_count": windowCount = try reader.isNull() ? nil : Int(try reader.int(0 ... .max))
        case "failed_windows": failedWindowCount = Int(try reader.int(0 ... .max))
        case "worst_window_ns":
            if try reader.isNull() { return true }
            var bounds: [Int64] = []
            try reader.array { reader throws(MeasurementError) in
                bounds.append(try reader.int(0...MeasurementReader.longest))
            }
            guard bounds.count == 2, bounds[0] < bounds[1] else { throw reader.error("no window is like that") }
            worstWindow = bounds[0]..<bounds[1]
        case "failed_rest_ns":
            failedRestNanoseconds = try reader.isNull() ? nil : try reader.int(0...MeasurementReader.longest)
        default: return false
        }
        return true
    }

    /// Nil where none of the members has said the outcome.
    func result(of threshold: Threshold) -> ThresholdResult? {
        guard let outcome else { return nil }
        var result = ThresholdResult(
            threshold, value: value.map { Quantity($0, threshold.limit.unit) }, sampleCount: sampleCount,
            outcome: outcome, hasTooFewSamples: hasTooFewSamples)
        (result.windowCount, result.failedWindowCount, result.worstWindow) = (
            windowCount, failedWindowCount, worstWindow
        )
        result.failedRestNanoseconds = failedRestNanoseconds
        return result
    }
}
