package import Diagnostics

extension MeasurementReader {
    mutating func threshold(
        _ catalog: MetricCatalog
    ) throws(MeasurementError) -> (Threshold, ThresholdLedger?) {
        var selected = SelectedSeries()
        var condition = ""
        var (after, window, aborts): (Int64, Int64?, Bool) = (0, nil, false)
        var (total, before, rest): (SeriesData?, SeriesData?, SeriesData?)
        var windows: [ThresholdLedger.Window] = []
        var (hasLedger, windowCount, judged): (Bool, Int64?, ThresholdStanding?) = (false, nil, nil)
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
            case "window_count":
                hasLedger = true
                windowCount = try reader.isNull() ? nil : try reader.int(0 ... .max)
            case "total", "before", "rest":
                guard let metric = selected.metric else { return false }
                let data = try reader.named(metric)
                if name == "total" { total = data } else if name == "before" { before = data } else { rest = data }
            case "judged":
                var standing = ThresholdStanding()
                try reader.object { reader, name throws(MeasurementError) in try standing.read(name, &reader) }
                judged = standing
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
        guard hasLedger else { return (threshold, nil) }
        guard windows.isEmpty || Int64(windows.count) < (Self.longest - after) / (window ?? .max) else {
            throw error("more windows than a hundred years have")
        }
        var ledger = ThresholdLedger(threshold, total: total, before: before, windows: windows, rest: rest)
        if windowCount != Int64(windows.count) {
            let result = judged?.result(of: threshold)
            guard result == nil || result?.windowCount.map({ Int64($0) }) == windowCount else {
                throw error("another number of windows was judged")
            }
            ledger.setJudgement(result.map { WindowJudgement(of: $0) })
        }
        return (threshold, ledger)
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

    /// How the threshold stood that ended the run.
    mutating func result(_ thresholds: [Threshold]) throws(MeasurementError) -> ThresholdResult {
        var (index, time): (Int, Int64?) = (-1, nil)
        var standing = ThresholdStanding()
        try object(required: ["threshold", "at_ns", "outcome"]) { reader, name throws(MeasurementError) in
            switch name {
            case "threshold": index = Int(try reader.int(0...Int64(max(thresholds.count - 1, 0))))
            case "at_ns": time = try reader.isNull() ? nil : try reader.int(0...Self.longest)
            default: return try standing.read(name, &reader)
            }
            return true
        }
        guard thresholds.indices.contains(index), var result = standing.result(of: thresholds[index]) else {
            throw error("no threshold can have ended the run so")
        }
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
