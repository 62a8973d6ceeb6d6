import Diagnostics
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel
import Quantities
import RunReports

/// What `run --dry-run` prints of a plan: the load in words, and what it needs of this machine. Nothing is sent.
struct DryRun {
    private let plan: Plan
    private let file: SourceFile
    private let settings: PlanRun.Settings
    private let preflight: Preflight

    init(_ plan: Plan, file: SourceFile, _ settings: PlanRun.Settings, _ preflight: Preflight) {
        self.plan = plan
        self.file = file
        self.settings = settings
        self.preflight = preflight
    }

    var text: String {
        let lines =
            ["\(plan.name.escaped()) (\(file.name.escaped())): a dry run, nothing is sent", ""] + load + [""]
            + resources + [""]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: The load

    private var load: [String] {
        let lines = zip(plan.scenarios, parts).flatMap { scenario, part in
            let isOpen = scenario.load.shape.isOpen && !settings.isSmoke
            var facts = ["\(isOpen ? "open" : "closed") load"]
            if isOpen { facts.append(Self.counted(Int(part.arrivalCount), "arrival")) }
            if let iterations = part.iterationLimit { facts.append(Self.counted(Int(iterations), "iteration")) }
            facts.append("at most \(Self.counted(Int(part.mostUsers), "virtual user")) at once")
            facts.append(Self.lasts(part.shape))
            return [
                "  \(scenario.name.escaped())  \(scenario.url.source.text.escaped())",
                "    " + scenario.load.inWords(isSmoke: settings.isSmoke) + (settings.share.shard?.inWords ?? ""),
                "    " + facts.joined(separator: ", "),
            ]
        }
        guard parts.count > 1 else { return ["load"] + lines }
        let users = Self.counted(parts.reduce(0) { $0 + Int($1.mostUsers) }, "virtual user")
        return ["load"] + lines + ["  all together", "    at most \(users) at once, \(lastsAltogether)"]
    }

    private var parts: [LoadPart] {
        plan.scenarios.map { LoadPart(LoadShape($0.load, isSmoke: settings.isSmoke), settings.share) }
    }

    private static func lasts(_ shape: LoadShape) -> String { lasts([shape]) }

    private var lastsAltogether: String { Self.lasts(parts.map(\.shape)) }

    /// How long loads last side by side, from the start of the run.
    private static func lasts(_ shapes: [LoadShape]) -> String {
        let ends = shapes.map { shape in
            shape.durationNanoseconds.map { $0 + shape.startAfterNanoseconds }
        }
        let isBounded = !shapes.contains { $0.hasIterations }
        guard let end = ends.compactMap(\.self).max(), !ends.contains(where: { $0 == nil }) else {
            return "until its iterations are done"
        }
        let grace = shapes.map(\.gracefulStopNanoseconds).max() ?? 0
        let more = grace == 0 ? "" : " and up to \(DurationText.text(ofNanoseconds: grace)) of graceful_stop"
        return (isBounded ? "" : "at most ") + DurationText.text(ofNanoseconds: end) + more
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)" + (count == 1 ? "" : "s") }

    // MARK: Resources

    private var resources: [String] {
        let (needs, host) = (preflight.needs, preflight.host)
        var rows = [["file descriptors", "\(needs.descriptors)", Self.number(host.descriptors)]]
        for need in needs.ports {
            rows.append(
                ["local ports to \(need.path.destination)", "\(need.count)", Self.number(host.ports(on: need.path))])
        }
        rows.append([
            "memory, \(Self.size(needs.histogramBytes)) of it for histograms", "some \(Self.size(needs.memoryBytes))",
            host.memoryBytes.map(Self.size) ?? "unknown",
        ])
        let wordsWidth = rows.map(\.[0].count).max() ?? 0
        let needWidth = rows.map(\.[1].count).max() ?? 0
        return ["needed here at once, and what there is"]
            + rows.map { row in
                let words = row[0] + String(repeating: " ", count: wordsWidth - row[0].count)
                return "  \(words)  \(String(repeating: " ", count: needWidth - row[1].count))\(row[1])  of \(row[2])"
            }
    }

    private static func size(_ bytes: Int) -> String { NumberFormat.bytes(Double(bytes)) }

    private static func number(_ count: Int?) -> String {
        switch count {
        case nil: "an unknown number"
        case .max: "any number"
        case let count?: "\(count)"
        }
    }
}

extension LoadShape {
    /// Whether it may be over before its time.
    fileprivate var hasIterations: Bool {
        switch work {
        case .users(_, .total), .users(_, .perVU): true
        case .users(_, .unlimited), .arrivals: false
        }
    }
}
