import Diagnostics
import LoadMetrics

extension JUnitReport.Run {
    /// Everything that had to hold, in an order that is the same for every run of the same plan. Whatever kept the run from
    /// passing is a case that did not pass; a failure that a threshold tolerates is none.
    var cases: [JUnitCase] {
        ownCases + summary.checks.map(junitCase(of:)) + orderedErrors.map(junitCase(of:))
            + summary.thresholds.map(junitCase(of:))
    }

    // MARK: The run

    /// What every run has to be like, whatever its plan.
    private var ownCases: [JUnitCase] {
        let isRun = !summary.verdict.reasons.contains { $0.ground == .couldNotRun }
        var cases: [JUnitCase] = []
        func add(_ name: String, _ outcome: JUnitCase.Outcome) {
            cases.append(JUnitCase(className: summary.planName, name: name, outcome: outcome))
        }
        add("the plan can be run here", outcome(of: [.couldNotRun], type: "could_not_run"))
        guard isRun else { return cases }
        let isIdle = summary.sessions.attempted == 0
        add(
            "sessions are attempted",
            isIdle ? .failed(type: "no_sessions", message: "no session was attempted", text: "") : .passed)
        add("sessions meet their expectations", expectations)
        add("the run goes on to its end", outcome(of: [.interrupted, .terminated], type: "interrupted"))
        add("the generator keeps up", outcome(of: [.inconclusive], type: "inconclusive"))
        add("the counts of wsplan add up", outcome(of: [.defect], type: "defect"))
        return cases
    }

    /// The reasons of the verdict that are about sessions, each on a line of its own.
    private var expectations: JUnitCase.Outcome {
        let reasons = reasons([.expectation])
        guard !reasons.isEmpty else { return .passed }
        return .failed(
            type: "expectation", message: reasons.joined(separator: "; "),
            text: reasons.map { $0 + "\n" }.joined())
    }

    private func outcome(of grounds: Set<Verdict.Ground>, type: String) -> JUnitCase.Outcome {
        let reasons = reasons(grounds)
        return reasons.isEmpty ? .passed : .errored(type: type, message: reasons.joined(separator: "; "))
    }

    private func reasons(_ grounds: Set<Verdict.Ground>) -> [String] {
        summary.verdict.reasons.filter { grounds.contains($0.ground) }.map { $0.text.escaped() }
    }

    // MARK: Checks and errors

    private func junitCase(of check: CheckSummary) -> JUnitCase {
        let name = check.key.group.map { "\($0) › \(check.key.name)" } ?? check.key.name
        let outcome: JUnitCase.Outcome =
            if check.passes + check.fails == 0 {
                .skipped("it was never made")
            } else if check.fails == 0 || check.isTolerated {
                .passed
            } else {
                failure(
                    "check", "failed \(check.fails) of \(check.passes + check.fails) times", check.firstFailure,
                    named: name)
            }
        return JUnitCase(className: className(of: check.key.scenario), name: name, outcome: outcome)
    }

    /// By scenario and kind, and not by how frequent they were, which differs from run to run.
    private var orderedErrors: [ErrorSummary] {
        summary.errors.sorted { ($0.key.scenario, $0.key.kind) < ($1.key.scenario, $1.key.kind) }
    }

    private func junitCase(of error: ErrorSummary) -> JUnitCase {
        let count = error.count == 1 ? "1 error" : "\(error.count) errors"
        return JUnitCase(
            className: className(of: error.key.scenario), name: "errors of kind \(error.key.kind)",
            outcome: error.isTolerated || error.isExpected
                ? .passed : failure("error", "\(count) of kind \(error.key.kind)", error.first, named: error.key.kind))
    }

    private func className(of scenario: String) -> String { "\(summary.planName).\(scenario)" }

    private func failure(
        _ type: String, _ count: String, _ first: FailureInstance?, named name: String
    ) -> JUnitCase.Outcome {
        let reason = first.map { $0.message.isEmpty ? "" : ", first: " + $0.message.escaped() } ?? ""
        let lines = first.map { TerminalSummary.lines(of: $0, named: name, in: summary, plan: plan) } ?? []
        return .failed(type: type, message: count + reason, text: lines.map { $0 + "\n" }.joined())
    }

    // MARK: Thresholds

    private func junitCase(of result: ThresholdResult) -> JUnitCase {
        let rule = "\(result.threshold.selector): \(result.threshold.inWords)"
        let outcome: JUnitCase.Outcome =
            switch result.outcome {
            case .passed: .passed
            case .notJudged: .skipped("a smoke run makes no load to judge")
            case .failed, .noSamples:
                .failed(type: "threshold", message: words(of: result), text: excerpt(of: result.threshold))
            }
        return JUnitCase(className: "\(summary.planName).thresholds", name: rule, outcome: outcome)
    }

    /// `max < 200ms does not hold: 1.20s of 12 samples`, and what else there is to say of it.
    private func words(of result: ThresholdResult) -> String {
        var words = [valueInWords(of: result)]
        if let windows = result.windowsInWords { words.append(windows) }
        if let time = result.abortedAtNanoseconds {
            words.append("ended the run after \(NumberFormat.time(Double(time)))")
        }
        return words.joined(separator: "; ")
    }

    private func valueInWords(of result: ThresholdResult) -> String {
        let condition = result.threshold.inWords.escaped()
        guard let value = result.value else { return "\(condition) does not hold: no samples" }
        let shown = NumberFormat.quantity(value, toldFrom: result.threshold.limit)
        // What a counter counts is its value.
        let count = result.sampleCount == 1 ? "1 sample" : "\(result.sampleCount) samples"
        let samples = result.threshold.selector.metric.kind == .counter ? "" : " of \(count)"
        let caution = result.hasTooFewSamples ? ", too few for this percentile" : ""
        return "\(condition) does not hold: \(shown)\(samples)\(caution)"
    }

    private func excerpt(of threshold: Threshold) -> String {
        guard let plan else { return "" }
        let renderer = DiagnosticRenderer(file: plan)
        return renderer.place(of: threshold.condition.span) + "\n" + renderer.excerpt(of: threshold.condition.span)
    }
}
