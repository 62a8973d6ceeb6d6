extension MetricsSnapshot {
    /// Compares what was measured with each threshold, in their order.
    ///
    /// - Parameters:
    ///   - durationNanoseconds: what the rates of counters are related to; without any time they are 0.
    ///   - ledgers: what was kept of thresholds that do not judge the whole run.
    package func judge(
        _ thresholds: [Threshold], durationNanoseconds: Int64, ledgers: [ThresholdLedger] = []
    ) -> [ThresholdResult] {
        thresholds.map { threshold in
            let ledger = ledgers.first { $0.threshold == threshold }
            if let ledger, threshold.afterNanoseconds > 0 || threshold.windowNanoseconds != nil {
                return ledger.result(durationNanoseconds: durationNanoseconds)
            }
            return threshold.judge(data(of: threshold.selector), durationNanoseconds: durationNanoseconds)
        }
    }
}

extension Threshold {
    /// Compares what its selector has counted with the limit.
    ///
    /// - Parameters:
    ///   - data: nil for nothing: of a counter that is 0, of all others there are no samples.
    ///   - durationNanoseconds: in which it was counted.
    func judge(_ data: SeriesData?, durationNanoseconds: Int64) -> ThresholdResult {
        guard let sample = sample(of: data, durationNanoseconds: durationNanoseconds) else {
            return .withoutSamples(self)
        }
        var hasTooFewSamples = false
        if case .percentile(let percent) = aggregate {
            hasTooFewSamples = !TrendData.supports(percentile: percent, count: sample.count)
        }
        return ThresholdResult(
            self, value: Quantity(sample.value, limit.unit), sampleCount: sample.count,
            outcome: comparison.holds(sample.value, limit.value) ? .passed : .failed,
            hasTooFewSamples: hasTooFewSamples)
    }

    /// The number to judge, in the unit of the limit, and the samples behind it; nil without samples.
    private func sample(of data: SeriesData?, durationNanoseconds: Int64) -> (value: Double, count: UInt64)? {
        func counted(_ sum: Double) -> (value: Double, count: UInt64) {
            let value = aggregate == .rate ? Quantity.perSecond(sum, in: durationNanoseconds) : sum
            return (value, UInt64(exactly: sum.rounded(.down)) ?? .max)
        }
        switch data {
        case nil: return selector.metric.kind == .counter ? counted(0) : nil
        case .counter(let count): return counted(Double(count))
        case .amount(let amount): return counted(amount.value)
        case .rate(let rate): return rate.count == 0 ? nil : (rate.share, rate.count)
        case .gauge(let gauge, _): return (gauge.value(of: aggregate), gauge.count)
        case .level(let level): return level.gauge.map { ($0.value(of: aggregate), $0.count) }
        case .trend(let trend):
            guard trend.count > 0 else { return nil }
            return (trend.value(of: aggregate, isNumber: selector.metric.unit == .number), trend.count)
        }
    }
}

extension GaugeData {
    fileprivate func value(of aggregate: Threshold.Aggregate) -> Double {
        switch aggregate {
        case .minimum: min
        case .maximum: max
        case .last: last
        default: preconditionFailure("a gauge has no \(aggregate)")
        }
    }
}

extension TrendData {
    /// In the unit of limits: nanoseconds, or numbers.
    fileprivate func value(of aggregate: Threshold.Aggregate, isNumber: Bool) -> Double {
        func inUnits(_ value: Double) -> Double { isNumber ? value / MetricDefinition.partsPerUnit : value }
        func value(at percent: Double) -> Double {
            inUnits(Double(isNumber ? numberPercentile(percent) : percentile(percent)))
        }
        return switch aggregate {
        case .count: Double(count)
        case .average: inUnits(average)
        case .minimum: inUnits(Double(min))
        case .median: value(at: 50)
        case .maximum: inUnits(Double(max))
        case .percentile(let percent): value(at: percent)
        case .rate, .last: preconditionFailure("a trend has no \(aggregate)")
        }
    }
}
