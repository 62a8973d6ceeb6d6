import Diagnostics
import JSON
import LoadMetrics

/// What was measured, in figures for readers.
extension JSONReport {
    mutating func write(_ trend: MetricTable.Trend) {
        object {
            $0.member(trend.selector)
            // A trend of numbers counts in millionths what one of times counts in nanoseconds.
            $0.member("unit", trend.selector.metric.unit == .time ? "ms" : "number")
            $0.member("count", trend.count)
            $0.member("avg", trend.average / MetricDefinition.partsPerUnit)
            $0.member("min", Double(trend.min) / MetricDefinition.partsPerUnit)
            $0.member("med", Double(trend.median) / MetricDefinition.partsPerUnit)
            $0.member("max", Double(trend.max) / MetricDefinition.partsPerUnit)
            for percentile in trend.percentiles {
                $0.member(percentile.name, Double(percentile.value) / MetricDefinition.partsPerUnit)
            }
            $0.member("unsupported") {
                $0.array(trend.percentiles.filter { !$0.isSupported }) { $0.string($1.name) }
            }
        }
    }

    mutating func write(_ rate: MetricTable.Rate) {
        object {
            $0.member("metric", rate.metric.name)
            $0.member("rate", rate.data.share)
            $0.member("passes", rate.data.passes)
            $0.member("fails", rate.data.fails)
        }
    }

    mutating func write(_ counter: MetricTable.Counter) {
        object {
            $0.member("metric", counter.metric.name)
            $0.member("unit", counter.metric.unit == .bytes ? "bytes" : "count")
            $0.member("count") { $0.number(counter.sum) }
            $0.member("per_second", counter.perSecond)
        }
    }

    mutating func write(_ gauge: MetricTable.Gauge) {
        object {
            $0.member("metric", gauge.metric.name)
            $0.member("min") { $0.number(gauge.data.min) }
            $0.member("max") { $0.number(gauge.data.max) }
            $0.member("last") { $0.number(gauge.data.last) }
        }
    }

    mutating func write(_ mark: MarkSummary) {
        object {
            $0.member("key", mark.key)
            $0.member("scenario", mark.scenario)
            $0.member("set", mark.set)
            $0.member("measured", mark.measured)
            $0.member("replaced", mark.replaced)
            $0.member("never_measured", mark.neverMeasured)
            $0.member("cut", mark.cut)
        }
    }

    mutating func write(_ missed: MissedMeasureSummary) {
        object {
            $0.member(missed.metric)
            $0.member("since", missed.since)
            $0.member("scenario", missed.scenario)
            $0.member("without_mark", missed.withoutMark)
            $0.member("in_future", missed.inFuture)
        }
    }

    mutating func write(_ result: ThresholdResult) {
        object {
            $0.member(result.threshold.selector)
            $0.member("condition", result.threshold.condition.value)
            $0.member("outcome", result.outcome.rawValue)
            $0.member("value", result.value?.reported)
            $0.member("limit", result.threshold.limit.reported)
            $0.member("unit", result.threshold.limit.unit.reported)
            $0.member("samples", result.sampleCount)
            $0.member("too_few_samples") { $0.writer.bool(result.hasTooFewSamples) }
            $0.writeScope(of: result)
        }
    }

    /// Over which part of the run a threshold is judged, and what came of its windows; nothing for one on the whole run.
    mutating func writeScope(of result: ThresholdResult) {
        let threshold = result.threshold
        if threshold.afterNanoseconds > 0 { member("after_ms", milliseconds: Double(threshold.afterNanoseconds)) }
        if result.failuresBefore > 0 { member("failures_before", result.failuresBefore) }
        if let window = threshold.windowNanoseconds {
            member("window_ms", milliseconds: Double(window))
            member("windows", UInt64(result.windowCount ?? 0))
            member("failed_windows", UInt64(result.failedWindowCount))
            if let worst = result.worstWindow { member("worst_window_ms", milliseconds: Double(worst.lowerBound)) }
            if let rest = result.failedRestNanoseconds { member("failed_rest_ms", milliseconds: Double(rest)) }
        }
        if threshold.abortsRun { member("abort") { $0.writer.bool(true) } }
        if let time = result.abortedAtNanoseconds { member("aborted_at_ms", milliseconds: Double(time)) }
    }
}

extension MetricTable.Trend.Percentile {
    fileprivate var name: String { "p(\(NumberFormat.plain(percent)))" }
}

extension Quantity {
    /// Nanoseconds are milliseconds to the reader.
    fileprivate var reported: Double { unit == .nanoseconds ? value / 1e6 : value }
}

extension Quantity.Unit {
    fileprivate var reported: String {
        switch self {
        case .count: "count"
        case .perSecond: "per_second"
        case .bytes: "bytes"
        case .bytesPerSecond: "bytes_per_second"
        case .share: "share"
        case .nanoseconds: "ms"
        }
    }
}
