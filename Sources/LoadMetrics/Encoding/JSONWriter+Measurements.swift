import Diagnostics
import JSON

/// The parts of measurements.
extension JSONWriter {
    mutating func write(_ metric: MetricDefinition) {
        object { writer in
            writer.member("name") { $0.string(metric.name) }
            writer.member("kind") { $0.string(metric.kind.rawValue) }
            writer.member("unit") { $0.string(metric.unit.rawValue) }
        }
    }

    /// Two members of the object that is open.
    mutating func write(_ key: SeriesKey) {
        member("metric") { $0.string(key.metric.name) }
        member("tags") { writer in
            writer.object { writer in for tag in key.tags.tags { writer.member(tag.name) { $0.string(tag.value) } } }
        }
    }

    mutating func write(_ data: SeriesData) {
        switch data {
        case .counter(let count): int(count)
        case .amount(let amount): wide(amount.millionths)
        case .rate(let rate): write(rate)
        case .trend(let trend): write(SparseTrend(trend))
        case .gauge(let gauge, _):
            list { writer in
                for level in [gauge.min, gauge.max, gauge.last] { writer.number(level) }
                writer.count(gauge.count)
            }
        case .level(let level): write(level)
        }
    }

    private mutating func write(_ rate: RateData) {
        list { writer in
            writer.count(rate.passes)
            writer.count(rate.fails)
        }
    }

    /// Nothing in it for a level that was never set.
    private mutating func write(_ level: LevelData) {
        list { writer in
            guard level.gauge != nil else { return }
            for value in [level.min, level.max, level.last] { writer.number(value) }
            writer.int(level.lastNanoseconds)
            writer.count(level.count)
        }
    }

    private mutating func write(_ trend: SparseTrend) {
        object { writer in
            writer.member("count") { $0.count(trend.count) }
            writer.member("sum") { $0.wide(trend.sum) }
            writer.member("min") { $0.int(trend.min) }
            writer.member("max") { $0.int(trend.max) }
            writer.member("buckets") { writer in
                writer.list { writer in
                    for bucket in trend.buckets {
                        writer.count(bucket.value)
                        writer.count(bucket.count)
                    }
                }
            }
        }
    }

    // MARK: Time series

    mutating func write(_ series: TimeSeries) {
        object { writer in
            writer.member("step_ns") { $0.int(series.stepNanoseconds) }
            writer.member("tracks") { writer in
                writer.array(series.tracks.sorted { $0.key < $1.key }) { writer, track in
                    writer.object { writer in
                        writer.write(track.key)
                        writer.member(track.value.kind) { $0.write(track.value) }
                    }
                }
            }
        }
    }

    private mutating func write(_ track: TimeSeries.Track) {
        switch track {
        case .counter(let steps): array(steps.values) { $0.number($1) }
        case .rate(let steps): array(steps.values) { $0.write($1) }
        case .level(let steps): array(steps.values) { $0.write($1) }
        case .gauge(let steps):
            array(steps.values) { writer, gauge in
                writer.list { writer in
                    guard gauge.isKnown else { return }
                    for level in [gauge.min, gauge.max, gauge.last] { writer.number(level) }
                }
            }
        case .trend(let steps):
            array(steps.values) { writer, step in
                writer.list { writer in
                    guard step.count > 0 else { return }
                    writer.count(step.count)
                    writer.wide(step.sum)
                    writer.int(step.min)
                    writer.int(step.max)
                    for bucket in step.distribution.buckets {
                        writer.int(Int64(bucket.number))
                        writer.int(Int64(bucket.count))
                    }
                }
            }
        }
    }

    // MARK: Thresholds

    mutating func write(_ threshold: Threshold, _ ledger: ThresholdLedger?) {
        object { writer in
            writer.write(SeriesKey(threshold.selector.metric, threshold.selector.tags))
            writer.member("condition") { $0.string(threshold.condition.value) }
            writer.member("spans") { writer in
                writer.list { writer in
                    for span in [threshold.selectorSpan, threshold.condition.span] {
                        writer.int(Int64(span.start))
                        writer.int(Int64(span.end))
                    }
                }
            }
            writer.member("after_ns") { $0.int(threshold.afterNanoseconds) }
            writer.member("window_ns") { $0.optional(threshold.windowNanoseconds) }
            writer.member("abort") { $0.bool(threshold.abortsRun) }
            if let ledger {
                writer.member("total") { writer in
                    if let total = ledger.total { writer.writeNamed(total) } else { writer.null() }
                }
                if let before = ledger.before { writer.member("before") { $0.writeNamed(before) } }
                writer.member("window_count") { $0.optional(ledger.judged.map { Int64($0.count) }) }
                writer.member("windows") { writer in
                    writer.array(ledger.windows) { writer, window in
                        switch window {
                        case .empty: writer.null()
                        case .trend(let sparse):
                            writer.object { writer in writer.member("trend") { $0.write(sparse) } }
                        case .other(let data): writer.writeNamed(data)
                        }
                    }
                }
                if let rest = ledger.rest { writer.member("rest") { $0.writeNamed(rest) } }
                if let judged = ledger.judged, !ledger.hasAllWindows {
                    writer.member("judged") { writer in
                        writer.object { $0.writeStanding(judged.result(of: threshold)) }
                    }
                }
            }
        }
    }

    private mutating func writeNamed(_ data: SeriesData) {
        object { writer in writer.member(data.kind) { $0.write(data) } }
    }

    mutating func write(_ result: ThresholdResult, ofThreshold index: Int) {
        object { writer in
            writer.member("threshold") { $0.int(Int64(index)) }
            writer.member("at_ns") { $0.optional(result.abortedAtNanoseconds) }
            writer.writeStanding(result)
        }
    }

    /// Members of the object that is open: what `ThresholdStanding` reads.
    private mutating func writeStanding(_ result: ThresholdResult) {
        member("value") { writer in
            if let value = result.value { writer.number(value.value) } else { writer.null() }
        }
        member("samples") { $0.count(result.sampleCount) }
        member("outcome") { $0.string(result.outcome.rawValue) }
        member("too_few_samples") { $0.bool(result.hasTooFewSamples) }
        member("window_count") { $0.optional(result.windowCount.map { Int64($0) }) }
        member("failed_windows") { $0.int(Int64(result.failedWindowCount)) }
        member("worst_window_ns") { writer in
            guard let window = result.worstWindow else { return writer.null() }
            writer.list { writer in
                writer.int(window.lowerBound)
                writer.int(window.upperBound)
            }
        }
        member("failed_rest_ns") { $0.optional(result.failedRestNanoseconds) }
    }

    // MARK: Values

    /// Text for what JSON has no number for.
    private mutating func number(_ value: Double) {
        if value.isFinite { double(value) } else { string("\(value)") }
    }

    private mutating func count(_ value: UInt64) { int(Int64(clamping: value)) }

    /// Text for what 64 bits do not hold.
    private mutating func wide(_ value: UInt128) {
        if let value = Int64(exactly: value) { int(value) } else { string(String(value)) }
    }

    private mutating func optional(_ value: Int64?) {
        if let value { int(value) } else { null() }
    }

    // MARK: Containers

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        beginObject()
        members(&self)
        endObject()
    }

    mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        key(name)
        value(&self)
    }

    mutating func list(_ elements: (inout JSONWriter) -> Void) {
        beginArray()
        elements(&self)
        endArray()
    }

    mutating func array<Element>(
        _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
    ) {
        list { writer in for element in elements { write(&writer, element) } }
    }
}
