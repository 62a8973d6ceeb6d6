package import Diagnostics

extension MeasurementReader {
    mutating func threshold(
        _ catalog: MetricCatalog
    ) throws(MeasurementError) -> (Threshold, ThresholdLedger?) {
        var selected = SelectedSeries()
        var condition = ""
        var (after, window, aborts): (Int64, Int64?, Bool) = (0, nil, false)
        var total: SeriesData?
        var windows: [ThresholdLedger.Window] = []
        var windowCount: Int64?
        var spans = [SourceSpan(0..<0), SourceSpan(0..<0)]
        let names = ["metric", "tags", "condition", "spans", "after_ns", "window_ns", "abort"]
        try object(required: names) { reader, name throws(MeasurementError) in
            if try selected.read(name, &reader, catalog) { return true }
            switch name {
            case "condition": condition = try reader.string()
            case "spans": spans = try reader.spans(2)
            case "after_ns": after = try reader.int(0...Self.longest)
            case "window_ns": window = try reader.isNull() ? nil : try reader.int(1...Self.longest)
            case "abort": aborts = try reader.bool()
            case "window_count": windowCount = try reader.int(0 ... .max)
            case "total": if let metric = selected.metric { total = try reader.named(metric) } else { return false }
            case "windows":
                guard let metric = selected.metric else { return false }
                try reader.array { reader throws(MeasurementError) in
                    windows.append(ThresholdLedger.Window(try reader.named(metric)))
                }
            default: return false
            }
            return true
        }
        guard let metric = selected.metric else { throw error("a threshold without a metric") }
        let selector = LocatedSelector(MetricSelector(metric, selected.tags), at: spans[0])
        guard var threshold = Threshold(LocatedText(condition, at: spans[1]), on: selector) else {
            throw error("'\(condition)' is no condition on \(metric.name)")
        }
        (threshold.afterNanoseconds, threshold.windowNanoseconds, threshold.abortsRun) = (after, window, aborts)
        guard let windowCount else { return (threshold, nil) }
        guard windows.isEmpty || Int64(windows.count) <= (Self.longest - after) / (window ?? .max) else {
            throw error("more windows than a hundred years have")
        }
        // Of windows that were not kept only the run itself knew.
        let isWhole = windowCount == windows.count
        return (threshold, ThresholdLedger(threshold, total: total, windows: isWhole ? windows : []))
    }

    /// So many places in the text of a plan: the byte at which each begins, and the one behind it.
    package mutating func spans(_ count: Int) throws(MeasurementError) -> [SourceSpan] {
        var bounds: [Int] = []
        try array { reader throws(MeasurementError) in
            let bound = Int(try reader.int(0...Int64(UInt32.max)))
            if !bounds.count.isMultiple(of: 2), bound < bounds[bounds.count - 1] {
                throw reader.error("a place cannot end before it begins")
            }
            bounds.append(bound)
        }
        guard bounds.count == 2 * count else { throw error("\(2 * count) numbers should stand before here") }
        return (0..<count).map { SourceSpan(bounds[2 * $0]..<bounds[2 * $0 + 1]) }
    }

    /// `{"counter": 7}`, or null.
    private mutating func named(_ metric: MetricDefinition) throws(MeasurementError) -> SeriesData? {
        if try isNull() { return nil }
        var data: SeriesData?
        try object { reader, name throws(MeasurementError) in
            guard let read = try reader.data(name, of: metric) else { return false }
            data = read
            return true
        }
        guard let data else { throw error("data of \(metric.name) should stand before here") }
        return data
    }

    mutating func result(_ thresholds: [Threshold]) throws(MeasurementError) -> ThresholdResult {
        var (index, time, value): (Int, Int64?, Double?) = (-1, nil, nil)
        var samples: UInt64 = 0
        var outcome: ThresholdResult.Outcome?
        var (hasTooFew, windowCount, failed): (Bool, Int?, Int) = (false, nil, 0)
        var worst: Range<Int64>?
        try object(required: ["threshold", "at_ns", "outcome"]) { reader, name throws(MeasurementError) in
            switch name {
            case "threshold": index = Int(try reader.int(0...Int64(max(thresholds.count - 1, 0))))
            case "at_ns": time = try reader.isNull() ? nil : try reader.int(0...Self.longest)
            case "value": value = try reader.isNull() ? nil : try reader.double()
            case "samples": samples = try reader.count()
            case "outcome": outcome = ThresholdResult.Outcome(rawValue: try reader.string())
            case "too_few_samples": hasTooFew = try reader.bool()
            case "window_count": windowCount = try reader.isNull() ? nil : Int(try reader.int(0 ... .max))
            case "failed_windows": failed = Int(try reader.int(0 ... .max))
            case "worst_window_ns":
                if try reader.isNull() { return true }
                var bounds: [Int64] = []
                try reader.array { reader throws(MeasurementError) in bounds.append(try reader.int(0...Self.longest)) }
                guard bounds.count == 2, bounds[0] < bounds[1] else { throw reader.error("no window is like that") }
                worst = bounds[0]..<bounds[1]
            default: return false
            }
            return true
        }
        guard thresholds.indices.contains(index), let outcome else {
            throw error("no threshold can have ended the run so")
        }
        var result = ThresholdResult(
            thresholds[index], value: value.map { Quantity($0, thresholds[index].limit.unit) }, sampleCount: samples,
            outcome: outcome, hasTooFewSamples: hasTooFew)
        (result.windowCount, result.failedWindowCount, result.worstWindow) = (windowCount, failed, worst)
        result.abortedAtNanoseconds = time
        return result
    }
}

extension Threshold {
    /// A condition that was written before. Nil where it is none.
    fileprivate init?(_ condition: LocatedText, on selector: LocatedSelector) {
        var diagnostics: [Diagnostic] = []
        guard let threshold = ThresholdParser().threshold(condition, on: selector, into: &diagnostics) else {
            return nil
        }
        self = threshold
    }
}
