extension MeasurementReader {
    /// The data of a series of this metric; nil where the name is none of theirs.
    mutating func data(
        _ name: String, of metric: MetricDefinition
    ) throws(MeasurementError) -> SeriesData? {
        let data: SeriesData
        switch name {
        case "counter": data = .counter(try int())
        case "amount": data = .amount(Amount(millionths: try wide()))
        case "rate": data = .rate(try rate())
        case "trend":
            let trend = try trend(of: metric)
            guard let whole = TrendData(trend) else {
                throw error("the buckets of \(metric.name) contradict its extremes, or each other")
            }
            data = .trend(whole)
        case "gauge", "part":
            let levels = try numbers(4)
            guard let count = UInt64(exactly: levels[3]), count <= Self.mostSamples else {
                throw error("a count should stand before here")
            }
            data = .gauge(
                GaugeData(min: levels[0], max: levels[1], last: levels[2], count: count), isPart: name == "part")
        case "level": data = .level(try level())
        default: return nil
        }
        guard data.fits(metric) else { throw error("'\(name)' is no data of \(metric.name)") }
        return data
    }

    private mutating func rate() throws(MeasurementError) -> RateData {
        var counts: [UInt64] = []
        try array { reader throws(MeasurementError) in counts.append(try reader.count()) }
        guard counts.count == 2 else { throw error("passes and fails should stand before here") }
        return RateData(passes: counts[0], fails: counts[1])
    }

    private mutating func level() throws(MeasurementError) -> LevelData {
        var levels: [Double] = []
        var last: Int64 = .min
        var count: UInt64 = 0
        try array { reader throws(MeasurementError) in
            switch levels.count {
            case 0, 1, 2: levels.append(try reader.double())
            case 3:
                last = try reader.int()
                levels.append(0)
            default:
                count = try reader.count()
                levels.append(0)
            }
        }
        guard levels.count == 5 || levels.isEmpty else { throw error("five numbers or none should stand before here") }
        return levels.isEmpty
            ? LevelData()
            : LevelData(min: levels[0], max: levels[1], last: levels[2], lastNanoseconds: last, count: count)
    }

    private mutating func trend(of metric: MetricDefinition) throws(MeasurementError) -> SparseTrend {
        var trend = SparseTrend()
        var numbers: [UInt64] = []
        try object(required: ["count", "sum", "min", "max", "buckets"]) { reader, name throws(MeasurementError) in
            switch name {
            case "count": trend.count = try reader.count()
            case "sum": trend.sum = try reader.wide()
            case "min": trend.min = try reader.int(0 ... .max)
            case "max": trend.max = try reader.int(0 ... .max)
            case "buckets":
                try reader.array { reader throws(MeasurementError) in
                    let isValue = numbers.count.isMultiple(of: 2)
                    let number = UInt64(try reader.int(isValue ? 0...TrendData.limit : 1...Self.mostSamples))
                    if isValue, numbers.count > 1, numbers[numbers.count - 2] >= number {
                        throw reader.error("buckets should stand in ascending order")
                    }
                    numbers.append(number)
                }
            default: return false
            }
            return true
        }
        guard numbers.count.isMultiple(of: 2) else { throw error("a bucket without a count") }
        trend.buckets = stride(from: 0, to: numbers.count, by: 2).map {
            SparseTrend.Bucket(value: numbers[$0], count: numbers[$0 + 1])
        }
        var total: UInt64 = 0
        for bucket in trend.buckets { total = total.addingReportingOverflow(bucket.count).partialValue }
        guard total == trend.count else {
            throw error("the buckets of \(metric.name) hold \(total) samples, and not \(trend.count)")
        }
        return trend
    }

    // MARK: Time series

    mutating func timeSeries(_ catalog: MetricCatalog) throws(MeasurementError) -> TimeSeries {
        var step = SliceSchedule.stepNanoseconds
        var tracks: [SeriesKey: TimeSeries.Track] = [:]
        try object(required: ["step_ns", "tracks"]) { reader, name throws(MeasurementError) in
            switch name {
            case "step_ns":
                step = try reader.int(SliceSchedule.stepNanoseconds...Self.longest)
                // A second, doubled any number of times: those of two series meet.
                let seconds = step / SliceSchedule.stepNanoseconds
                guard step.isMultiple(of: SliceSchedule.stepNanoseconds), seconds & (seconds - 1) == 0 else {
                    throw reader.error("no time series has such a step")
                }
            case "tracks":
                try reader.array { reader throws(MeasurementError) in
                    let (key, track) = try reader.track(catalog)
                    tracks[key] = track
                }
            default: return false
            }
            return true
        }
        return TimeSeries(stepNanoseconds: step, tracks: tracks)
    }

    private mutating func track(
        _ catalog: MetricCatalog
    ) throws(MeasurementError) -> (SeriesKey, TimeSeries.Track) {
        var selected = SelectedSeries()
        var track: TimeSeries.Track?
        try object(required: ["metric", "tags"]) { reader, name throws(MeasurementError) in
            if try selected.read(name, &reader, catalog) { return true }
            switch name {
            case "counter":
                track = .counter(try reader.steps { reader throws(MeasurementError) in try reader.double() })
            case "rate": track = .rate(try reader.steps { reader throws(MeasurementError) in try reader.rate() })
            case "level": track = .level(try reader.steps { reader throws(MeasurementError) in try reader.level() })
            case "gauge": track = .gauge(try reader.steps { reader throws(MeasurementError) in try reader.gauge() })
            case "trend": track = .trend(try reader.steps { reader throws(MeasurementError) in try reader.trendStep() })
            default: return false
            }
            return true
        }
        guard let metric = selected.metric, let track, track.fits(metric) else {
            throw error("a track without data of its metric")
        }
        return (SeriesKey(metric, selected.tags), track)
    }

    private mutating func steps<Value: StepValue>(
        _ read: (inout MeasurementReader) throws(MeasurementError) -> Value
    ) throws(MeasurementError) -> Steps<Value> {
        var values: [Value] = []
        try array { reader throws(MeasurementError) in
            values.append(try read(&reader))
            guard values.count <= TimeSeries.pointLimit else {
                throw reader.error("a track has at most \(TimeSeries.pointLimit) steps")
            }
        }
        return Steps(values)
    }

    private mutating func gauge() throws(MeasurementError) -> GaugeStep {
        var levels: [Double] = []
        try array { reader throws(MeasurementError) in levels.append(try reader.double()) }
        guard levels.count == 3 || levels.isEmpty else { throw error("three levels or none should stand before here") }
        return levels.isEmpty ? GaugeStep() : GaugeStep(min: levels[0], max: levels[1], last: levels[2])
    }

    private mutating func trendStep() throws(MeasurementError) -> TrendStep {
        var step = TrendStep()
        var place = 0
        var number: Int64 = -1
        var buckets: [CoarseDistribution.Bucket] = []
        try array { reader throws(MeasurementError) in
            switch place {
            case 0: step.count = try reader.count()
            case 1: step.sum = try reader.wide()
            case 2: step.min = try reader.int(0 ... .max)
            case 3: step.max = try reader.int(0 ... .max)
            case let place where place.isMultiple(of: 2):
                // Ascending, as they were written.
                number = try reader.int(min(number + 1, Self.lastBucket)...Self.lastBucket)
            default:
                let count = try reader.int(1...Int64(UInt32.max))
                buckets.append(.init(number: UInt16(number), count: UInt32(count)))
            }
            place += 1
        }
        guard place == 0 || (place >= 4 && place.isMultiple(of: 2)) else {
            throw error("the step of a trend is incomplete")
        }
        step.distribution = CoarseDistribution(buckets)
        return step
    }

    private static let lastBucket = Int64(CoarseDistribution.bucketCount - 1)
}

extension SeriesData {
    /// Whether series of a metric are kept so.
    fileprivate func fits(_ metric: MetricDefinition) -> Bool {
        switch self {
        case .counter: metric.kind == .counter && metric.unit != .number
        case .amount: metric.kind == .counter && metric.unit == .number
        case .rate: metric.kind == .rate
        case .trend: metric.kind == .trend
        case .gauge: metric.kind == .gauge && metric.unit != .number
        case .level: metric.kind == .gauge && metric.unit == .number
        }
    }
}

extension TimeSeries.Track {
    /// Whether tracks of a metric are kept so.
    fileprivate func fits(_ metric: MetricDefinition) -> Bool {
        switch self {
        case .counter: metric.kind == .counter
        case .rate: metric.kind == .rate
        case .trend: metric.kind == .trend
        case .gauge: metric.kind == .gauge && metric.unit != .number
        case .level: metric.kind == .gauge && metric.unit == .number
        }
    }
}
