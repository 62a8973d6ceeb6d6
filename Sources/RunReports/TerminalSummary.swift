package import Diagnostics
package import LoadMetrics

/// A run in words and tables, for people in front of a terminal: the verdict and its reasons first, then what led to it.
///
/// Sections without content are left out. Everything that a peer may have written is escaped.
package struct TerminalSummary {
    let summary: RunSummary
    let plan: SourceFile?
    let style: ReportStyle
    let width: Int
    private(set) var lines: [String] = []
    /// Under what the frames stand that are shown already.
    var transcriptOwners: [[TranscriptFrame]: String] = [:]

    init(_ summary: RunSummary, plan: SourceFile?, style: ReportStyle = .plain, width: Int = 120) {
        self.summary = summary
        self.plan = plan
        self.style = style
        self.width = width
    }

    /// - Parameters:
    ///   - plan: the text of the plan, to draw failures under the author's own lines.
    ///   - width: in columns; tables that would be wider are split.
    package static func render(
        _ summary: RunSummary, plan: SourceFile? = nil, style: ReportStyle = .plain, width: Int = 120
    ) -> String {
        var output = TerminalSummary(summary, plan: plan, style: style, width: width)
        output.addVerdict()
        output.addRun()
        output.addChecks()
        output.addErrors()
        output.addCloses()
        output.addTrends()
        output.addRates()
        output.addCounters()
        output.addGauges()
        output.addMarks()
        output.addThresholds()
        output.addNotices()
        return output.lines.map { $0 + "\n" }.joined()
    }

    // MARK: Verdict and run

    private mutating func addVerdict() {
        let verdict = summary.verdict
        let (mark, emphasis): (String, Emphasis) =
            switch verdict.outcome {
            case .passed: ("✓", .good)
            case .failed, .defect: ("✗", .bad)
            case .inconclusive, .interrupted, .couldNotRun, .invalid: ("!", .warning)
            }
        let words = verdict.ground == .reportNotWritten ? "could not be reported" : verdict.outcome.words
        let title = "\(mark) \(summary.planName.escaped()) \(words)"
        add(paint(title, emphasis) + (verdict.exitCode == 0 ? "" : paint(" (exit code \(verdict.exitCode))", .faint)))
        for reason in verdict.reasons { add("    " + reason.text.escaped()) }
    }

    private mutating func addRun() {
        add("")
        let started = UTCTime.text(unixMilliseconds: summary.startedUnixMilliseconds)
        let duration = Double(summary.durationNanoseconds)
        let ran = duration > 0 ? ", ran \(NumberFormat.time(duration))" : ""
        add("  \(summary.planFile.escaped()), started \(started)\(ran), seed \(summary.seed)")
        for scenario in summary.scenarios {
            add(
                "  \(scenario.name.escaped()): \(scenario.url.escaped()), \(scenario.load.escaped()), \(scenario.model.rawValue) load"
            )
            if let target = scenario.targetPerSecond {
                add("    target \(NumberFormat.plain(target))/s, at most \(scenario.vus) VUs")
            }
            if let arrivals = scenario.arrivals {
                let dropped = paint("\(arrivals.dropped) dropped", arrivals.dropped > 0 ? .bad : .none)
                add("    arrivals: \(arrivals.due) due, \(arrivals.started) started, \(dropped)")
            }
        }
        guard summary.verdict.ground != .couldNotRun else { return }
        let sessions = summary.sessions
        let failed = paint("\(sessions.failed) failed", sessions.failed > 0 ? .bad : .none)
        add("  sessions: \(sessions.attempted) attempted, \(sessions.opened) opened, \(failed)")
        addGenerator()
    }

    private mutating func addNotices() {
        guard !summary.notices.isEmpty else { return }
        addHeading("notices")
        for notice in summary.notices { addNotice(notice.escaped()) }
    }

    // MARK: Lines

    mutating func add(_ line: String) { lines.append(line) }

    mutating func addHeading(_ title: String) {
        add("")
        add(paint(title, .strong))
    }

    mutating func add(_ table: TextTable) { lines += table.lines(style) }

    mutating func addNotice(_ text: String) { add("  " + paint("!", .warning) + " " + text) }

    /// A name as a reader looks for it: where there are several scenarios, below its own.
    func place(_ name: String, in scenario: String) -> String {
        (summary.scenarios.count > 1 ? scenario.escaped(limit: 100) + " › " : "") + name.escaped(limit: 100)
    }

    func paint(_ text: String, _ emphasis: Emphasis) -> String { emphasis.applied(to: text, style) }
}

extension Verdict.Outcome {
    fileprivate var words: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .inconclusive: "is inconclusive"
        case .interrupted: "was interrupted"
        case .couldNotRun: "could not run"
        case .defect: "met a defect of wsplan"
        case .invalid: "is not a valid plan"
        }
    }
}
