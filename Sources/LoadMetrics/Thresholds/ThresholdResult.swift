/// How a run stood against one threshold.
package struct ThresholdResult: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case passed
        case failed
        /// A trend, rate or gauge that was never sampled. Counts as failed.
        case noSamples = "no_samples"
        /// A smoke run makes no load to judge.
        case notJudged = "not_judged"
    }

    package var threshold: Threshold
    /// Nil without samples.
    package var value: Quantity?
    package var sampleCount: UInt64
    package var outcome: Outcome
    /// Whether fewer than ten samples lie beyond the percentile that it judges.
    package var hasTooFewSamples: Bool

    package init(
        _ threshold: Threshold, value: Quantity?, sampleCount: UInt64, outcome: Outcome, hasTooFewSamples: Bool = false
    ) {
        self.threshold = threshold
        self.value = value
        self.sampleCount = sampleCount
        self.outcome = outcome
        self.hasTooFewSamples = hasTooFewSamples
    }
}

extension MetricsSnapshot {
    /// Compares what was measured with each threshold, in their order.
    ///
    /// - Parameter durationNanoseconds: what the rates of counters are related to; without any time they are 0.
    package func judge(_ thresholds: [Threshold], durationNanoseconds: Int64) -> [ThresholdResult] {
        thresholds.map { threshold in
            guard let sampled = sample(of: threshold, durationNanoseconds: durationNanoseconds) else {
                return ThresholdResult(threshold, value: nil, sampleCount: 0, outcome: .noSamples)
            }
            let holds = threshold.comparison.holds(sampled.value, threshold.limit.value)
            var hasTooFewSamples = false
            if case .percentile(let percent) = threshold.aggregate {
                hasTooFewSamples = !TrendData.supports(percentile: percent, count: sampled.count)
            }
            return ThresholdResult(
                threshold, value: Quantity(sampled.value, threshold.limit.unit), sampleCount: sampled.count,
                outcome: holds ? .passed : .failed, hasTooFewSamples: hasTooFewSamples)
        }
    }

    /// The number that a threshold judges, in the unit of its limit, and the samples behind it; nil without samples.
    fileprivate func sample(
        of threshold: Threshold, durationNanoseconds: Int64
    ) -> (value: Double, count: UInt64)? {
        let metric = threshold.selector.metric
        let tags = threshold.selector.tags
        switch metric.kind {
        case .counter:
            let sum = amount(metric, tags)
            let value = threshold.aggregate == .rate ? Quantity.perSecond(sum, in: durationNanoseconds) : sum
            return (value, UInt64(exactly: sum.rounded(.down)) ?? .max)
        case .rate: return rate(metric, tags).map { ($0.share, $0.count) }
        case .gauge: return gauge(metric, tags).map { ($0.value(of: threshold.aggregate), $0.count) }
        case .trend:
            return trend(metric, tags).map { data in
                let value = data.value(of: threshold.aggregate, isNumber: metric.unit == .number)
                return (value, data.count)
            }
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
