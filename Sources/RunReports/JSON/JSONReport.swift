import Diagnostics
import JSON
package import LoadMetrics

/// Runs as one JSON document, for programs: `schemas/report.schema.json` says what it holds. What is for readers stands in
/// milliseconds; under `measurements` stands exactly all that was measured, for `wsplan report`.
///
/// Keys are stable: a later version may add some, and changes `wsplan_report` when it takes one away.
package struct JSONReport {
    /// A run, and what was made of it.
    package struct Run: Sendable {
        package var record: RunRecord
        package var summary: RunSummary

        package init(_ record: RunRecord, _ summary: RunSummary) {
            self.record = record
            self.summary = summary
        }
    }

    static let version: Int64 = 1

    /// The text of the plan, to give failures their line and column.
    let plan: SourceFile
    var writer: JSONWriter

    /// - Parameter isList: whether the document is an array of runs; otherwise there is one, and it is that.
    package static func render(_ runs: [Run], isList: Bool = false) -> [UInt8] {
        precondition(isList || runs.count == 1, "\(runs.count) runs in a document of one")
        var writer = JSONWriter(indentation: 2)
        if isList { writer.beginArray() }
        for run in runs {
            var report = JSONReport(plan: run.record.plan.source, writer: writer)
            report.write(run.record, run.summary)
            writer = report.writer
        }
        if isList { writer.endArray() }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private mutating func write(_ record: RunRecord, _ summary: RunSummary) {
        object { report in
            report.member("wsplan_report") { $0.writer.int(Self.version) }
            report.member("wsplan", record.version)
            report.member("plan") { $0.write(record.plan) }
            report.member("started", UTCTime.text(unixMilliseconds: record.startedUnixMilliseconds))
            report.member("started_unix_ms") { $0.writer.int(record.startedUnixMilliseconds) }
            report.member("duration_ms", milliseconds: Double(summary.durationNanoseconds))
            report.member("seed", record.seed)
            report.member("shard") { $0.write(record.shard) }
            report.member("smoke") { $0.writer.bool(record.isSmoke) }
            report.member("hosts") { $0.array(record.hosts) { $0.write($1) } }
            report.member("verdict") { $0.write(summary.verdict) }
            report.member("generator") { $0.write(record.generator) }
            report.member("allow_limited") { $0.writer.bool(record.allowsLimited) }
            report.member("gave_up_after") { $0.optional(record.gaveUpAfterFailedSessions.map { Int64(clamping: $0) }) }
            report.member("scenarios") { $0.array(record.scenarios) { $0.write($1) } }
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
            report.member("measurements") { report in
                // On one line: it is long, and not for readers.
                var measurements = JSONWriter()
                record.measurements.write(to: &measurements)
                report.raw(measurements)
            }
        }
    }

    // MARK: Plan and machine

    private mutating func write(_ plan: PlanIdentity) {
        object {
            $0.member("name", plan.name)
            $0.member("file", plan.source.name)
            $0.member("sha256", plan.digest)
            $0.member("files") { report in
                report.array(plan.files) { report, file in
                    report.object {
                        $0.member("path", file.path)
                        $0.member("sha256", file.digest)
                    }
                }
            }
            $0.member("text", String(decoding: plan.source.bytes, as: UTF8.self))
        }
    }

    private mutating func write(_ shard: ShardNumber?) {
        guard let shard else { return writer.null() }
        object {
            $0.member("part") { $0.writer.int(shard.part) }
            $0.member("of") { $0.writer.int(shard.count) }
        }
    }

    private mutating func write(_ host: HostFacts) {
        object {
            $0.member("name", host.name)
            $0.member("kernel", host.kernel)
            $0.member("cpu_model", host.cpuModel)
            $0.member("cpus", UInt64(host.cpuCount))
            $0.member("memory_bytes") { $0.optional(host.memoryBytes) }
            $0.member("descriptor_limit") { $0.optional(host.descriptorLimit) }
        }
    }

    // MARK: Verdict and load

    private mutating func write(_ verdict: Verdict) {
        object {
            $0.member("outcome", verdict.outcome.rawValue)
            $0.member("exit_code", UInt64(verdict.exitCode))
            $0.member("reasons") { $0.array(verdict.reasons) { $0.write($1) } }
        }
    }

    private mutating func write(_ reason: Verdict.Reason) {
        object {
            $0.member("ground", reason.ground.rawValue)
            $0.member("text", reason.text)
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
            $0.member("sessions") { $0.write(scenario.sessions) }
            $0.member("has_work") { $0.writer.bool(scenario.hasWork) }
            $0.member("expected_errors") { $0.array(scenario.expectedErrors.sorted()) { $0.string($1) } }
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
}
