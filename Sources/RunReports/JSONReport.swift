package import Diagnostics
import JSON
package import LoadMetrics

/// A run as one JSON document, for programs: `schemas/report.schema.json` says what it holds. Times are milliseconds.
///
/// Keys are stable: a later version may add some, and changes `wsplan_report` when it takes one away.
package struct JSONReport {
    private static let version: Int64 = 1

    private let plan: SourceFile?
    private var writer = JSONWriter(indentation: 2)

    private init(plan: SourceFile?) { self.plan = plan }

    /// - Parameter plan: the text of the plan, to give failures their line and column.
    package static func render(_ summary: RunSummary, plan: SourceFile? = nil) -> [UInt8] {
        var report = JSONReport(plan: plan)
        report.write(summary)
        return report.writer.bytes + [UInt8(ascii: "\n")]
    }

    private mutating func write(_ summary: RunSummary) {
        object { report in
            report.member("wsplan_report") { $0.writer.int(Self.version) }
            report.member("plan") { report in
                report.object {
                    $0.member("name", summary.planName)
                    $0.member("file", summary.planFile)
                }
            }
            report.member("started", UTCTime.text(unixMilliseconds: summary.startedUnixMilliseconds))
            report.member("started_unix_ms") { $0.writer.int(summary.startedUnixMilliseconds) }
            report.member("duration_ms", milliseconds: Double(summary.durationNanoseconds))
            report.member("seed", summary.seed)
            report.member("verdict") { $0.write(summary.verdict) }
            report.member("generator") { $0.write(summary.generator) }
            report.member("scenarios") { $0.array(summary.scenarios) { $0.write($1) } }
            report.member("sessions") { $0.write(summary.sessions) }
            report.member("checks") { $0.array(summary.checks) { $0.write($1) } }
            report.member("errors") { $0.array(summary.errors) { $0.write($1) } }
            report.member("closes") { $0.array(summary.closes) { $0.write($1) } }
            report.member("trends") { $0.array(summary.metrics.trends) { $0.write($1) } }
            report.member("rates") { $0.array(summary.metrics.rates) { $0.write($1) } }
            report.member("counters") { $0.array(summary.metrics.counters) { $0.write($1) } }
            report.member("gauges") { $0.array(summary.metrics.gauges) { $0.write($1) } }
            report.member("marks") { $0.array(summary.marks) { $0.write($1) } }
            report.member("missed_measures") { $0.array(summary.missedMeasures) { $0.write($1) } }
            report.member("thresholds") { $0.array(summary.thresholds) { $0.write($1) } }
            report.member("notices") { $0.array(summary.notices) { $0.string($1) } }
        }
    }

    // MARK: Verdict and run

    private mutating func write(_ verdict: Verdict) {
        object {
            $0.member("outcome", verdict.outcome.rawValue)
            $0.member("exit_code", UInt64(verdict.exitCode))
            $0.member("reasons") { $0.array(verdict.reasons) { $0.string($1.text) } }
        }
    }

    private mutating func write(_ generator: GeneratorVerdict?) {
        guard let generator else { return writer.null() }
        let figures = generator.figures
        object {
            $0.member("grade", generator.grade.rawValue)
            $0.member("reasons") { $0.array(generator.reasons) { $0.string($1) } }
            $0.member("due", figures.due)
            $0.member("started_in_time", figures.startedInTime)
            $0.member("lag_p99_ms", milliseconds: Double(figures.lagNanoseconds))
            $0.member("longest_lag_ms", milliseconds: Double(figures.longestLagNanoseconds))
            $0.member("busy", figures.busy)
            $0.member("running", figures.pressure.running)
            $0.member("waiting", figures.pressure.waiting)
            $0.member("steal", figures.pressure.steal)
            $0.member("throttled_ms", milliseconds: Double(figures.pressure.throttledMicroseconds) * 1000)
        }
    }

    private mutating func write(_ scenario: ScenarioSummary) {
        object {
            $0.member("name", scenario.name)
            $0.member("url", scenario.url)
            $0.member("load", scenario.load)
            $0.member("model", scenario.model.rawValue)
            $0.member("vus", UInt64(scenario.vus))
            $0.member("target_per_second", scenario.targetPerSecond)
            $0.member("arrivals") { value in
                if let arrivals = scenario.arrivals { value.write(arrivals) } else { value.writer.null() }
            }
        }
    }

    private mutating func write(_ arrivals: ArrivalCounts) {
        object {
            $0.member("due", arrivals.due)
            $0.member("started", arrivals.started)
            $0.member("dropped", arrivals.dropped)
            $0.member("without_row", arrivals.withoutRow)
        }
    }

    private mutating func write(_ sessions: SessionCounts) {
        object {
            $0.member("attempted", sessions.attempted)
            $0.member("opened", sessions.opened)
            $0.member("failed", sessions.failed)
            $0.member("met", sessions.met)
        }
    }

    // MARK: Failures

    private mutating func write(_ check: CheckSummary) {
        object {
            $0.member("name", check.key.name)
            $0.member("group", check.key.group)
            $0.member("scenario", check.key.scenario)
            $0.member("passes", check.passes)
            $0.member("fails", check.fails)
            $0.member("first_failure") { $0.write(check.firstFailure) }
        }
    }

    private mutating func write(_ error: ErrorSummary) {
        object {
            $0.member("kind", error.key.kind)
            $0.member("scenario", error.key.scenario)
            $0.member("count", error.count)
            $0.member("expected") { $0.writer.bool(error.isExpected) }
            $0.member("first") { $0.write(error.first) }
        }
    }

    private mutating func write(_ failure: FailureInstance?) {
        guard let failure else { return writer.null() }
        let position = failure.span.flatMap { span in plan?.position(at: span.start) }
        object {
            $0.member("message", failure.message)
            $0.member("vu", UInt64(failure.vuID))
            $0.member("iteration", UInt64(failure.iteration))
            $0.member("since_start_ms", milliseconds: Double(failure.sinceStartNanoseconds))
            if let position {
                $0.member("line", UInt64(position.line))
                $0.member("column", UInt64(position.column))
            }
            $0.member("values") { report in
                report.array(failure.operands) { report, operand in
                    report.object {
                        $0.member("expression", operand.text)
                        $0.member("value", operand.value)
                        $0.member("depth", UInt64(operand.depth))
                    }
                }
            }
            $0.member("answer") { $0.write(failure.answer) }
            $0.member("transcript") { $0.write(failure.transcript) }
        }
    }

    private mutating func write(_ transcript: SessionTranscript?) {
        guard let transcript else { return writer.null() }
        object {
            $0.member("open_ms", milliseconds: Double(transcript.openNanoseconds))
            $0.member("earlier_frames", UInt64(transcript.earlierCount))
            $0.member("frames") { $0.array(transcript.frames) { $0.write($1) } }
        }
    }

    private mutating func write(_ frame: TranscriptFrame) {
        object {
            $0.member("since_open_ms", milliseconds: Double(frame.sinceNanoseconds))
            $0.member("direction", frame.direction.rawValue)
            $0.member("opcode", frame.opcode.rawValue)
            $0.member("size", UInt64(frame.size))
            if frame.opcode == .close {
                $0.member("code") { report in
                    if let code = frame.closing?.code { report.writer.int(Int64(code)) } else { report.writer.null() }
                }
                $0.member("reason", String(decoding: frame.closing?.reason ?? [], as: UTF8.self))
            } else if frame.opcode == .text {
                $0.member("payload_start", String(decoding: frame.payload, as: UTF8.self))
            } else {
                $0.member("payload_start_hex", FrameText.hexadecimal(frame.payload))
            }
        }
    }

    private mutating func write(_ answer: FailureInstance.Answer?) {
        guard let answer else { return writer.null() }
        object {
            $0.member("status", UInt64(answer.status))
            $0.member("headers") { report in
                report.array(answer.headers) { report, header in
                    report.object {
                        $0.member("name", header.name)
                        $0.member("value", header.value)
                    }
                }
            }
            $0.member("body_start", String(decoding: answer.body, as: UTF8.self))
        }
    }

    private mutating func write(_ close: CloseSummary) {
        object {
            $0.member("code") { report in
                if let code = close.code { report.writer.int(Int64(code)) } else { report.writer.null() }
            }
            $0.member("by", close.by)
            $0.member("count", close.count)
        }
    }

    // MARK: Metrics

    private mutating func write(_ trend: MetricTable.Trend) {
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

    private mutating func write(_ rate: MetricTable.Rate) {
        object {
            $0.member("metric", rate.metric.name)
            $0.member("rate", rate.data.share)
            $0.member("passes", rate.data.passes)
            $0.member("fails", rate.data.fails)
        }
    }

    private mutating func write(_ counter: MetricTable.Counter) {
        object {
            $0.member("metric", counter.metric.name)
            $0.member("unit", counter.metric.unit == .bytes ? "bytes" : "count")
            $0.member("count") { $0.number(counter.sum) }
            $0.member("per_second", counter.perSecond)
        }
    }

    private mutating func write(_ gauge: MetricTable.Gauge) {
        object {
            $0.member("metric", gauge.metric.name)
            $0.member("min") { $0.number(gauge.data.min) }
            $0.member("max") { $0.number(gauge.data.max) }
            $0.member("last") { $0.number(gauge.data.last) }
        }
    }

    private mutating func write(_ mark: MarkSummary) {
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

    private mutating func write(_ missed: MissedMeasureSummary) {
        object {
            $0.member(missed.metric)
            $0.member("since", missed.since)
            $0.member("scenario", missed.scenario)
            $0.member("without_mark", missed.withoutMark)
            $0.member("in_future", missed.inFuture)
        }
    }

    private mutating func write(_ result: ThresholdResult) {
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
    private mutating func writeScope(of result: ThresholdResult) {
        let threshold = result.threshold
        if threshold.afterNanoseconds > 0 { member("after_ms", milliseconds: Double(threshold.afterNanoseconds)) }
        if let window = threshold.windowNanoseconds {
            member("window_ms", milliseconds: Double(window))
            member("windows", UInt64(result.windowCount ?? 0))
            member("failed_windows", UInt64(result.failedWindowCount))
            if let worst = result.worstWindow { member("worst_window_ms", milliseconds: Double(worst.lowerBound)) }
        }
        if threshold.abortsRun { member("abort") { $0.writer.bool(true) } }
        if let time = result.abortedAtNanoseconds { member("aborted_at_ms", milliseconds: Double(time)) }
    }

    // MARK: Members

    private mutating func object(_ members: (inout JSONReport) -> Void) {
        writer.beginObject()
        members(&self)
        writer.endObject()
    }

    private mutating func array<Element>(_ elements: [Element], _ write: (inout JSONReport, Element) -> Void) {
        writer.beginArray()
        for element in elements { write(&self, element) }
        writer.endArray()
    }

    private mutating func member(_ key: String, _ value: (inout JSONReport) -> Void) {
        writer.key(key)
        value(&self)
    }

    private mutating func member(_ key: String, _ value: String?) {
        member(key) { report in
            if let value { report.string(value) } else { report.writer.null() }
        }
    }

    private mutating func member(_ key: String, _ value: Double?) {
        member(key) { report in
            if let value { report.writer.double(value) } else { report.writer.null() }
        }
    }

    private mutating func member(_ key: String, _ value: UInt64) {
        member(key) { $0.writer.int(Int64(clamping: value)) }
    }

    /// Whole ones without a point.
    private mutating func number(_ value: Double) {
        if let whole = Int64(exactly: value) { writer.int(whole) } else { writer.double(value) }
    }

    private mutating func member(_ key: String, milliseconds nanoseconds: Double) {
        member(key) { $0.writer.double(nanoseconds / 1e6) }
    }

    private mutating func member(_ selector: MetricSelector) {
        member("metric", selector.metric.name)
        member("tags") { report in
            report.object { for tag in selector.tags.tags { $0.member(tag.name, tag.value) } }
        }
    }

    /// A JSON string in which characters are escaped that JSON allows and a terminal acts on: reports get printed.
    private mutating func string(_ value: String) {
        var quoted = JSONWriter()
        quoted.string(value)
        guard value.unicodeScalars.contains(where: \.isUnsafeToDisplay) else { return writer.raw(quoted.text) }
        var escaped = ""
        for scalar in quoted.text.unicodeScalars {
            guard scalar.isUnsafeToDisplay else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        writer.raw(escaped)
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
