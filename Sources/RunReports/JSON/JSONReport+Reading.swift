import Diagnostics
package import LoadMetrics

extension JSONReport {
    /// Why a document is no report, or none that can be used, and the byte of it that says so.
    package typealias ReadError = MeasurementError

    /// The most bytes that a report has. What a run keeps is bounded, and is far less.
    package static let largest = 1 << 30

    /// What the runs of a document were like: all that `render` has written of them but what follows from the rest.
    ///
    /// - Throws: where the bytes are not JSON, or not of this form, or contradict themselves.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(ReadError) -> [RunRecord] {
        var reader = MeasurementReader(bytes)
        var records: [RunRecord] = []
        if try reader.isArray() {
            try reader.array { reader throws(MeasurementError) in records.append(try reader.run()) }
        } else {
            records.append(try reader.run())
        }
        try reader.end()
        return records
    }

    fileprivate static let requiredMembers = [
        "wsplan_report", "wsplan", "plan", "started_unix_ms", "seed", "shard", "smoke", "hosts", "verdict",
        "generator", "allow_limited", "gave_up_after", "scenarios", "checks", "errors", "marks", "missed_measures",
        "notices", "measurements",
    ]
}

extension MeasurementReader {
    fileprivate mutating func run() throws(MeasurementError) -> RunRecord {
        var record = RunRecord(
            plan: PlanIdentity(name: "", source: SourceFile(name: "", bytes: []), digest: ""), version: "", hosts: [],
            startedUnixMilliseconds: 0, seed: 0, scenarios: [],
            measurements: RunMeasurements(snapshot: MetricsSnapshot(), durationNanoseconds: 0))
        var missed: [MissedMeasure] = []
        try object(required: JSONReport.requiredMembers) { reader, name throws(MeasurementError) in
            switch name {
            case "wsplan_report":
                let version = try reader.int()
                guard version == JSONReport.version else {
                    throw reader.error("a report of version \(version), which this version of wsplan does not know")
                }
            case "wsplan": record.version = try reader.string()
            case "plan": record.plan = try reader.plan()
            // Until the end of the year 9999.
            case "started_unix_ms": record.startedUnixMilliseconds = try reader.int(0...253_402_300_799_999)
            case "seed": record.seed = UInt64(try reader.int(0 ... .max))
            case "shard": record.shard = try reader.shard()
            case "smoke": record.isSmoke = try reader.bool()
            case "hosts":
                record.hosts = try reader.list { reader throws(MeasurementError) in try reader.host() }
            case "verdict": try reader.verdict(into: &record)
            case "generator": record.generator = try reader.isNull() ? nil : try reader.generator()
            case "allow_limited": record.allowsLimited = try reader.bool()
            case "gave_up_after":
                record.gaveUpAfterFailedSessions = try reader.isNull() ? nil : try reader.count()
            case "scenarios":
                record.scenarios = try reader.list { reader throws(MeasurementError) in try reader.scenario() }
            case "checks":
                try reader.array { reader throws(MeasurementError) in
                    let (key, failure) = try reader.check()
                    record.firstFailures[key] = failure
                }
            case "errors":
                try reader.array { reader throws(MeasurementError) in
                    let (key, failure) = try reader.errorKind()
                    record.firstErrors[key] = failure
                }
            case "marks": record.marks = try reader.list { reader throws(MeasurementError) in try reader.mark() }
            case "missed_measures":
                missed = try reader.list { reader throws(MeasurementError) in try reader.missedMeasure() }
            case "notices":
                record.notices = try reader.list { reader throws(MeasurementError) in try reader.string() }
            case "measurements": record.measurements = try reader.measurements()
            default: return false
            }
            return true
        }
        let catalog = MetricCatalog.builtIn.with(record.measurements.metrics)
        for missed in missed {
            guard let summary = missed.summary(catalog) else { throw error("unknown metric '\(missed.metric)'") }
            record.missedMeasures.append(summary)
        }
        return record
    }

    // MARK: Plan and machine

    private mutating func plan() throws(MeasurementError) -> PlanIdentity {
        var (name, file, digest, text) = ("", "", "", "")
        var files: [PlanIdentity.File] = []
        try object(required: ["name", "file", "sha256", "files", "text"]) { reader, member throws(MeasurementError) in
            switch member {
            case "name": name = try reader.string()
            case "file": file = try reader.string()
            case "sha256": digest = try reader.string()
            case "files":
                files = try reader.list { reader throws(MeasurementError) in
                    var file = PlanIdentity.File(path: "", digest: "")
                    try reader.object(required: ["path", "sha256"]) { reader, member throws(MeasurementError) in
                        switch member {
                        case "path": file.path = try reader.string()
                        case "sha256": file.digest = try reader.string()
                        default: return false
                        }
                        return true
                    }
                    return file
                }
            case "text": text = try reader.string()
            default: return false
            }
            return true
        }
        return PlanIdentity(
            name: name, source: SourceFile(name: file, bytes: Array(text.utf8)), digest: digest, files: files)
    }

    private mutating func shard() throws(MeasurementError) -> ShardNumber? {
        guard try !isNull() else { return nil }
        var (part, count): (Int64, Int64) = (0, 0)
        try object(required: ["part", "of"]) { reader, name throws(MeasurementError) in
            switch name {
            case "part": part = try reader.int()
            case "of": count = try reader.int()
            default: return false
            }
            return true
        }
        guard let shard = ShardNumber(part, of: count) else { throw error("no run has a shard \(part)/\(count)") }
        return shard
    }

    private mutating func host() throws(MeasurementError) -> HostFacts {
        var host = HostFacts(
            name: "", kernel: "", cpuModel: "", cpuCount: 0, memoryBytes: nil, descriptorLimit: nil)
        let names = ["name", "kernel", "cpu_model", "cpus", "memory_bytes", "descriptor_limit"]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "name": host.name = try reader.string()
            case "kernel": host.kernel = try reader.string()
            case "cpu_model": host.cpuModel = try reader.string()
            case "cpus": host.cpuCount = Int(try reader.count())
            case "memory_bytes": host.memoryBytes = try reader.isNull() ? nil : try reader.int(0 ... .max)
            case "descriptor_limit": host.descriptorLimit = try reader.isNull() ? nil : try reader.int(0 ... .max)
            default: return false
            }
            return true
        }
        return host
    }

    // MARK: Verdict and load

    /// Of the reasons those that do not follow from what was measured.
    private mutating func verdict(into record: inout RunRecord) throws(MeasurementError) {
        var found: [(ground: Verdict.Ground, text: String)] = []
        try object(required: ["reasons"]) { reader, name throws(MeasurementError) in
            guard name == "reasons" else { return false }
            try reader.array { reader throws(MeasurementError) in
                var ground: Verdict.Ground?
                var text = ""
                try reader.object(required: ["ground", "text"]) { reader, name throws(MeasurementError) in
                    switch name {
                    case "ground": ground = try reader.word(Verdict.Ground.init)
                    case "text": text = try reader.string()
                    default: return false
                    }
                    return true
                }
                if let ground { found.append((ground, text)) }
            }
            return true
        }
        for (ground, text) in found {
            switch ground {
            case .couldNotRun: record.preflightProblems.append(text)
            case .defect: record.defects.append(text)
            case .interrupted: record.signal = .interrupt
            case .terminated: record.signal = .terminate
            case .invalid, .expectation, .inconclusive, .threshold, .reportNotWritten, .passed: break
            }
        }
    }

    private mutating func scenario() throws(MeasurementError) -> ScenarioSummary {
        var scenario = ScenarioSummary(name: "", url: "", load: "", model: .closed, vus: 0)
        let names = [
            "name", "url", "load", "model", "vus", "target_per_second", "arrivals", "sessions", "has_work",
            "expected_errors",
        ]
        try object(required: names) { reader, name throws(MeasurementError) in
            switch name {
            case "name": scenario.name = try reader.string()
            case "url": scenario.url = try reader.string()
            case "load": scenario.load = try reader.string()
            case "model": scenario.model = try reader.word(ScenarioSummary.LoadModel.init)
            case "vus": scenario.vus = Int(try reader.int(0...1_000_000_000))
            case "target_per_second": scenario.targetPerSecond = try reader.isNull() ? nil : try reader.double()
            case "arrivals":
                guard try !reader.isNull() else { return true }
                let counts = try reader.counts(["due", "started", "dropped", "without_row"])
                scenario.arrivals = ArrivalCounts(
                    due: counts[0], started: counts[1], dropped: counts[2], withoutRow: counts[3])
            case "sessions":
                let counts = try reader.counts(["attempted", "opened", "failed", "met"])
                scenario.sessions = SessionCounts(
                    attempted: counts[0], opened: counts[1], failed: counts[2], met: counts[3])
            case "has_work": scenario.hasWork = try reader.bool()
            case "expected_errors":
                try reader.array { reader throws(MeasurementError) in
                    scenario.expectedErrors.insert(try reader.string())
                }
            default: return false
            }
            return true
        }
        return scenario
    }
}
