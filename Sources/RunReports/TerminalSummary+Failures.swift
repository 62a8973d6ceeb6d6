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
            if let failure = check.firstFailure { addFailure(failure, of: name(of: check.key)) }
        }
    }

    private func name(of key: CheckSummary.Key) -> String {
        guard let group = key.group, !group.isEmpty else { return place(key.name, in: key.scenario) }
        return place(group, in: key.scenario) + " › " + key.name.escaped(limit: 100)
    }

    // MARK: Errors

    mutating func addErrors() {
        guard !summary.errors.isEmpty else { return }
        addHeading("errors")
        var table = TextTable([.left, .left, .right, .left])
        for error in summary.errors {
            table.add([
                error.isExpected ? .init("·") : .init("✗", .bad), .init(place(error.key.kind, in: error.key.scenario)),
                .init("\(error.count)"), .init(error.isExpected ? "expected" : "", .faint),
            ])
        }
        for (error, line) in zip(summary.errors, table.lines(style)) {
            add(line)
            guard let first = error.first else { continue }
            if let check = check(failedBy: first) {
                add("      " + paint("first: as shown above, under '\(name(of: check.key))'", .faint))
            } else {
                addFailure(first, of: error.key.kind)
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

    /// What there is to say of the first instance of one failure, for reports that give each a place of its own.
    static func lines(
        of failure: FailureInstance, named name: String, in summary: RunSummary, plan: SourceFile?
    ) -> [String] {
        var output = TerminalSummary(summary, plan: plan)
        output.addFailure(failure, of: name, margin: "")
        return output.lines
    }

    private mutating func addFailure(_ failure: FailureInstance, of name: String, margin: String = "      ") {
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
        addOperands(failure.operands, margin)
        if let answer = failure.answer { addAnswer(answer, margin) }
        if let transcript = failure.transcript { addTranscript(transcript, of: name, margin) }
    }

    /// The parts of a condition under each other, each indented below the part that it belongs to.
    private mutating func addOperands(_ operands: [FailureInstance.Operand], _ margin: String) {
        var table = TextTable([.left, .left], indentation: margin.count)
        for operand in operands {
            let text = String(repeating: "  ", count: operand.depth) + operand.text.escaped(limit: 60)
            table.add([.init(text), .init("= " + operand.value.escaped())])
        }
        add(table)
    }

    /// What went over the wire before, once for all failures that it came before.
    private mutating func addTranscript(_ transcript: SessionTranscript, of name: String, _ margin: String) {
        let open = "the session had been open for \(NumberFormat.time(Double(transcript.openNanoseconds)))"
        let count = transcript.frames.count
        let frames: String
        if count == 0 {
            frames = "without a frame"
        } else if let other = transcriptOwners[transcript.frames] {
            frames = "with the frames above, under '\(other)'"
        } else if transcript.earlierCount == 0 {
            frames = "with these frames"
        } else {
            frames = "these are the last \(count) of its \(count + transcript.earlierCount) frames"
        }
        add(margin + paint("\(open), \(frames)", .faint))
        guard count > 0, transcriptOwners[transcript.frames] == nil else { return }
        transcriptOwners[transcript.frames] = name
        var table = TextTable([.right, .left, .left, .right, .left], indentation: margin.count + 2)
        for frame in transcript.frames {
            table.add([
                .init(NumberFormat.time(Double(frame.sinceNanoseconds)), .faint), .init(frame.direction.arrow),
                .init(frame.opcode.rawValue), .init(NumberFormat.bytes(Double(frame.size)), .faint),
                .init(FrameText(frame).text),
            ])
        }
        add(table)
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
    var closer: String {
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
