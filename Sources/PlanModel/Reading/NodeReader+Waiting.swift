import Diagnostics
import Expressions
import PlanSyntax
import Quantities

/// What takes its time: `every`, `wait` and `await`, and the ids of timers.
extension NodeReader {
    mutating func every(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        .every(
            Every(
                interval: durationOperand(node, .every, orZero: false),
                times: fields["times"].map { integerOperand($0, of: "'times'", "times: 3", in: 1...Int.max) },
                jitter: fields["jitter"].map { durationOperand($0, of: "'jitter'", "jitter: 100ms", orZero: true) },
                first: fields["first"].map { durationOperand($0, of: "'first'", "first: 0s", orZero: true) },
                id: timerID(fields), steps: body(fields, "do", of: .every)))
    }

    mutating func timerID(_ fields: Fields) -> Located<String>? {
        fields["id"].map { name($0, of: "the id of a timer", "id: heartbeat", in: .timers) }
    }

    private static let waitKeys = KeySpace(
        owner: "'wait'", known: ["min", "max"],
        needed: [NeededKey("min", .duration), NeededKey("max", .duration)])

    mutating func wait(_ node: PlanNode) -> Wait {
        guard node.mapping != nil else {
            if let range = foreignRange(in: node) {
                report(.invalidDuration, .oneDuration(range.text), at: node.span, help: range.help)
                return .fixed(.nanoseconds(Located(Self.anyDuration, at: node.span)))
            }
            return .fixed(durationOperand(node, .wait, orZero: true))
        }
        let example = "- wait:\n    min: 1s\n    max: 3s"
        guard let fields = fields(node, of: Self.waitKeys, example: example) else {
            return .fixed(.nanoseconds(Located(Self.anyDuration, at: node.span)))
        }
        let problems = findings.count
        let bounds = ["min", "max"].map { key -> DurationOperand in
            guard let bound = fields[key] else {
                reportMissing(key, of: "'wait'", fields, example: example)
                return .nanoseconds(Located(Self.anyDuration, at: node.span))
            }
            return durationOperand(bound, of: "'\(key)'", "\(key): 1s", orZero: true)
        }
        if case .nanoseconds(let min) = bounds[0], case .nanoseconds(let max) = bounds[1],
            findings.count == problems
        {
            checkOrder(min, max)
        }
        return .between(min: bounds[0], max: bounds[1])
    }

    /// `1s..3s` and the like, which people write elsewhere, and what to write here.
    private func foreignRange(in node: PlanNode) -> (text: String, help: String)? {
        guard let text = node.scalar?.text.text, text.utf8.count <= 60 else { return nil }
        for separator in ["...", "..", "-", "–", "to", ","] {
            guard let place = text.firstRange(of: separator) else { continue }
            let bounds = [text[..<place.lowerBound], text[place.upperBound...]].map { bound in
                String(bound.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard bounds.allSatisfy({ (try? DurationText.nanoseconds(of: $0)) != nil }) else { continue }
            return (text, "write the least and the most:\n- wait:\n    min: \(bounds[0])\n    max: \(bounds[1])")
        }
        return nil
    }

    mutating func awaiting(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let condition: Await.Condition =
            node.scalar?.text.text == "any"
            ? .any(node.span) : .matching(condition(node, of: "'await'", Verb.await.syntax.example))
        return .await(
            Await(
                condition: condition,
                timeout: fields["timeout"].map {
                    durationOperand($0, of: "'timeout'", "timeout: 2s", orZero: false)
                },
                name: fields["name"].map { name($0, of: "the name of an await", "name: quote", in: .samples) },
                count: fields["count"].map { integerOperand($0, of: "'count'", "count: 3", in: 1...Int.max) },
                since: fields["since"].map { since($0) }, then: optionalBody(fields, "then"),
                otherwise: optionalBody(fields, "else")))
    }

    /// A word, else the key of a mark. A misspelt word is the key of a mark that nothing sets, which lint finds.
    private mutating func since(_ node: PlanNode) -> Located<Await.Since> {
        let key = markKey(node, of: "'since'", "since: open")
        let since: Await.Since =
            switch key.literal {
            case "send": .send
            case "open": .open
            case "now": .now
            default: .mark(key)
            }
        return Located(since, at: node.span)
    }
}

extension Diagnostic.Message {
    fileprivate static func oneDuration(_ text: String) -> Self { Self("'\(text)' is not one duration") }
}
