extension RunMeasurements {
    /// What `write(to:)` has written.
    ///
    /// - Throws: where the bytes are not JSON, or not of this form, or contradict themselves.
    package init(json bytes: UnsafeRawBufferPointer) throws(MeasurementError) {
        var reader = MeasurementReader(bytes)
        self = try reader.measurements()
        try reader.end()
    }
}

extension MeasurementReader {
    /// The measurements that stand next.
    package mutating func measurements() throws(MeasurementError) -> RunMeasurements {
        var metrics: [MetricDefinition] = []
        var catalog = MetricCatalog.builtIn
        var folded: [String: String] = [:]
        var series: [SeriesKey: SeriesData] = [:]
        var timeSeries = TimeSeries()
        var duration: Int64 = 0
        var thresholds: [Threshold] = []
        var ledgers: [ThresholdLedger] = []
        var aborted: ThresholdResult?
        let names = ["version", "duration_ns", "metrics", "series", "time_series", "thresholds"]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "version":
                let version = try reader.int()
                guard version == RunMeasurements.formatVersion else {
                    throw reader.error("measurements of version \(version), which this version of wsplan does not know")
                }
            case "duration_ns": duration = try reader.int(0...Self.longest)
            case "metrics":
                metrics = try reader.metrics()
                catalog = .builtIn.with(metrics)
            case "folded":
                try reader.object { reader, metric throws(MeasurementError) in
                    folded[metric] = try reader.string()
                    return true
                }
            case "series": series = try reader.series(catalog)
            case "time_series": timeSeries = try reader.timeSeries(catalog)
            case "thresholds":
                try reader.array { reader throws(MeasurementError) in
                    let (threshold, ledger) = try reader.threshold(catalog)
                    thresholds.append(threshold)
                    if let ledger { ledgers.append(ledger) }
                }
            case "aborted_by": aborted = try reader.result(thresholds)
            default: return false
            }
            return true
        }
        return RunMeasurements(
            thresholds: thresholds, metrics: metrics,
            snapshot: MetricsSnapshot(series: series, folded: FoldedTagSets(tags: folded)), series: timeSeries,
            ledgers: ledgers, durationNanoseconds: duration, abortedBy: aborted)
    }

    /// A hundred years.
    static let longest: Int64 = 3_155_760_000_000_000_000

    // MARK: Metrics

    private mutating func metrics() throws(MeasurementError) -> [MetricDefinition] {
        var metrics: [MetricDefinition] = []
        try array { reader throws(MeasurementError) in
            var name = ""
            var kind: MetricKind?
            var unit: MetricUnit?
            try reader.object(required: ["name", "kind", "unit"]) { reader, member throws(MeasurementError) in
                switch member {
                case "name": name = try reader.string()
                case "kind": kind = MetricKind(rawValue: try reader.string())
                case "unit": unit = MetricUnit(rawValue: try reader.string())
                default: return false
                }
                return true
            }
            guard let kind, let unit else { throw reader.error("a metric of unknown kind or unit") }
            let metric = MetricDefinition.custom(name, kind, isTime: unit == .time)
            guard metric.unit == unit else { throw reader.error("no \(kind.rawValue) has the unit \(unit.rawValue)") }
            metrics.append(metric)
        }
        return metrics
    }

    private mutating func series(_ catalog: MetricCatalog) throws(MeasurementError) -> [SeriesKey: SeriesData] {
        var series: [SeriesKey: SeriesData] = [:]
        try array { reader throws(MeasurementError) in
            var selected = SelectedSeries()
            var data: SeriesData?
            try reader.object(required: ["metric", "tags"]) { reader, name throws(MeasurementError) in
                if try selected.read(name, &reader, catalog) { return true }
                guard let metric = selected.metric, let read = try reader.data(name, of: metric) else { return false }
                data = read
                return true
            }
            guard let metric = selected.metric, let data else { throw reader.error("a series without data") }
            guard series.updateValue(data, forKey: SeriesKey(metric, selected.tags)) == nil else {
                throw reader.error("the series \(metric.name)\(selected.tags) stands here twice")
            }
        }
        return series
    }
}
