import Diagnostics
import LoadMetrics

extension TerminalSummary {
    // MARK: Checks

    mutating func addChecks() {
        guard !summary.checks.isEmpty else { return }
        addHeading("checks")
        var table = TextTable([.left, .left, .right, .right])
        for check in summary.checks {
            guard check.passes + check.fails > 0 else {
                // Neither good nor bad, but whoever counts on it should see it.
                table.add([.init("·"), .init(name(of: check.key)), .init("no samples", .faint)])
                continue
            }
            let held = check.fails == 0
            table.add([
                .init(held ? "✓" : "✗", held ? .good : .bad), .init(name(of: check.key)),
                .init("\(check.passes) passed", .faint), .init(held ? "" : "\(check.fails) failed", .bad),
            ])
        }
        for (check, line) in zip(summary.checks, table.lines(style)) {
            add(line)
            if let failure = check.firstFailure { addFailure(failure) }
        }
    }

    private func name(of key: CheckSummary.Key) -> String {
        var parts = [key.name.escaped(limit: 100)]
        if let group = key.group, !group.isEmpty { parts.insert(group.escaped(limit: 100), at: 0) }
        if summary.scenarios.count > 1 { parts.insert(key.scenario.escaped(limit: 100), at: 0) }
        return parts.joined(separator: " › ")
    }

    // MARK: Errors

    mutating func addErrors() {
        guard !summary.errors.isEmpty else { return }
        addHeading("errors")
        var table = TextTable([.left, .left, .right, .left])
        for error in summary.errors {
            let scenario = summary.scenarios.count > 1 ? error.key.scenario.escaped(limit: 100) + " › " : ""
            table.add([
                error.isExpected ? .init("·") : .init("✗", .bad), .init(scenario + error.key.kind.escaped()),
                .init("\(error.count)"), .init(error.isExpected ? "expected" : "", .faint),
            ])
        }
        for (error, line) in zip(summary.errors, table.lines(style)) {
            add(line)
            guard let first = error.first else { continue }
            if let check = check(failedBy: first) {
                add("      " + paint("first: as shown above, under '\(name(of: check.key))'", .faint))
            } else {
                addFailure(first)
            }
        }
    }

    /// A check that failed first at the same place, in the same words: an error that kept a session from opening is the
    /// reason why its expectation was not met.
    private func check(failedBy error: FailureInstance) -> CheckSummary? {
        summary.checks.first { check in
            guard let failure = check.firstFailure else { return false }
            return failure.vuID == error.vuID && failure.iteration == error.iteration
                && failure.message == error.message && failure.answer == error.answer
        }
    }

    // MARK: The first instance

    private mutating func addFailure(_ failure: FailureInstance) {
        let margin = "      "
        let when = NumberFormat.time(Double(failure.sinceStartNanoseconds))
        let place = "first: VU \(failure.vuID), iteration \(failure.iteration), \(when) after the start"
        add(margin + paint(place, .faint))
        // A condition without a value is explained where its parts are listed.
        if !failure.message.isEmpty, !failure.operands.contains(where: { $0.value.hasSuffix(failure.message) }) {
            add(margin + failure.message.escaped())
        }
        if let plan, let span = failure.span {
            let renderer = DiagnosticRenderer(file: plan)
            add(margin + paint(renderer.place(of: span), .faint))
            let excerpt = renderer.excerpt(of: span).split(separator: "\n").map(String.init)
            for (line, emphasis) in zip(excerpt, [Emphasis.none, .bad]) { add(margin + paint(line, emphasis)) }
        }
        var operands = TextTable([.left, .left], indentation: margin.count)
        for operand in failure.operands {
            operands.add([.init(operand.text.escaped(limit: 100)), .init("= " + operand.value.escaped(limit: 200))])
        }
        add(operands)
        if let answer = failure.answer { addAnswer(answer, margin) }
    }

    private mutating func addAnswer(_ answer: FailureInstance.Answer, _ margin: String) {
        let shown = 20
        add(margin + "HTTP status \(answer.status)")
        for header in answer.headers.prefix(shown) {
            add(margin + "  " + header.name.escaped(limit: 100) + ": " + header.value.escaped(limit: 200))
        }
        if answer.headers.count > shown { add(margin + "  … (\(answer.headers.count - shown) more headers)") }
        guard !answer.body.isEmpty else { return }
        add(margin + "  body: " + String(decoding: answer.body, as: UTF8.self).escaped(limit: 300))
    }

    // MARK: Closes

    mutating func addCloses() {
        guard !summary.closes.isEmpty else { return }
        addHeading("closes")
        var table = TextTable([.left, .left, .right])
        for close in summary.closes {
            table.add([
                .init(close.code.map(String.init) ?? "no code"), .init("by " + close.by.closer),
                .init("\(close.count)"),
            ])
        }
        add(table)
    }
}

extension String {
    /// The words for a value of `close.by`.
    fileprivate var closer: String {
        switch self {
        case "plan": "the plan"
        case "peer": "the peer"
        case "timeout": "timeout"
        case "load_end": "the load's end"
        case "error": "an error"
        default: escaped()
        }
    }
}
