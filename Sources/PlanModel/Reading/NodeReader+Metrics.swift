import Diagnostics
import Expressions
import LoadMetrics
import PlanSyntax
import Quantities

/// Metrics of the plan's own, and the steps that sample them.
extension NodeReader {
    private static let longestMetricName = 128

    /// Reads `metrics`. Of an entry that is wrong nothing but its name is known, which is no unknown one elsewhere.
    mutating func readMetrics(_ node: PlanNode) {
        let example = "metrics:\n  orders: counter\n  order_time: trend(ms)"
        let wanted = Wanted("a mapping of names to kinds", example)
        for entry in declarations(node, of: "'metrics'", wanted, in: .metrics) {
            let name = name(entry.key, of: "the name of a metric")
            let isUsable = checkMetric(name)
            let kind = choice(entry.value, of: "the kind of a metric", example, as: MetricDeclaration.Kind.self)
            if isUsable, let kind {
                metrics.append(MetricDeclaration(name: name, kind: kind.value))
                if kind.value == .time { timeMetrics.insert(name.value) }
            } else {
                unreadNames.insert(name.value)
            }
        }
    }

    /// The metrics of `metrics`, and behind them those that a `measure` declares.
    func metrics(withMeasuresOf plan: Plan) -> [MetricDeclaration] {
        var all = metrics
        var known = Set(metrics.map(\.name.value))
        plan.walk { step in
            guard case .measure(let measure) = step.kind, !mayDeclareMetric(measure.metric.value),
                MetricCatalog.builtIn[name: measure.metric.value] == nil, isMetricName(measure.metric.value),
                known.insert(measure.metric.value).inserted
            else { return }
            all.append(MetricDeclaration(name: measure.metric, kind: .time))
        }
        return all
    }

    /// Whether a metric may be declared in what could not be read.
    func mayDeclareMetric(_ name: String) -> Bool { lacking.contains(.metrics) || unreadNames.contains(name) }

    /// Reports a name that no metric of a plan can have. False for such a one.
    @discardableResult
    private mutating func checkMetric(_ name: Located<String>) -> Bool {
        guard !name.value.isEmpty, !name.value.contains("${") else { return false }
        if !isMetricName(name.value) {
            report(
                .invalidName, .noMetricName(name.value), at: name.span,
                help: "a name is letters, digits and '_', at most \(Self.longestMetricName) of them, not a digit first")
        } else if MetricCatalog.builtIn[name: name.value] != nil {
            report(.invalidName, .builtInMetric(name.value), at: name.span, help: "choose another name")
        } else {
            return true
        }
        return false
    }

    private func isMetricName(_ name: String) -> Bool {
        Scope.isIdentifier(name) && name.utf8.count <= Self.longestMetricName
    }

    // MARK: Steps

    mutating func mark(_ node: PlanNode) -> ParsedTemplate {
        let key = markKey(node, of: "'mark'", Verb.mark.syntax.example)
        if let literal = key.literal, Await.Since.words.contains(literal) {
            report(
                .invalidName, .reservedMark(literal), at: node.span,
                help: "'since' has a meaning of its own for '\(literal)'; choose another key, such as '\(literal)_'")
        }
        return key
    }

    /// The key of a mark. Of one that cannot be read it is not known which mark it is.
    mutating func markKey(_ node: PlanNode, of name: String, _ example: String) -> ParsedTemplate {
        let problems = findings.count
        let key = template(node, of: name, example)
        if node.scalar?.text.text.isEmpty == true, !node.isNull {
            reportEmptyName(name, at: node.span, help: "for example:\n\(example)")
        }
        if findings.count > problems || node.isUnreadable { lacking.insert(.marks) }
        return key
    }

    mutating func measure(_ node: PlanNode, _ fields: Fields) -> Measure {
        let example = Verb.measure.syntax.example
        let metric = literal(node, of: "the name of a metric", example, in: .metrics)
        if metric.value.isEmpty, node.scalar != nil, !node.isNull {
            reportEmptyName("the name of a metric", at: node.span, help: "for example:\n\(example)")
        }
        if !checkMetric(metric) { unreadNames.insert(metric.value) }
        let mark = fields.entry("since")
        let time = fields.entry("since_ms")
        if let mark, let time { reportConflict(mark.key, time.key) }
        if mark == nil, let time {
            let since = self.time(time.value, of: "'since_ms'", "since_ms: message.json.sent_ms")
            return Measure(metric: metric, since: .epochMilliseconds(since))
        }
        if mark == nil {
            lacking.insert(.marks)
            reportMissing(anyOf: ["since", "since_ms"], of: "'measure'", fields, example: example)
        }
        return Measure(metric: metric, since: mark.flatMap { measuredMark($0.value) }.map { .mark($0) })
    }

    /// The key of the mark that a `measure` is from; nil for the words that an `await` has there.
    private mutating func measuredMark(_ node: PlanNode) -> ParsedTemplate? {
        let key = markKey(node, of: "'since'", "since: order-${message.json.id}")
        guard let word = key.literal, Await.Since.words.contains(word) else { return key }
        lacking.insert(.marks)
        report(
            .invalidName, .wordOfAwait(word), at: node.span,
            help: "give the key of a mark, or milliseconds since 1970 in 'since_ms'")
        return nil
    }

    mutating func samples(_ node: PlanNode) -> [Sample] {
        checkNotEmpty(node, of: .record)
        let wanted = Wanted("a mapping of metrics to expressions", Verb.record.syntax.example)
        return entries(node, of: "'record'", wanted).map { entry in
            let metric = name(entry.key, of: "the name of a metric")
            let isTime = timeMetrics.contains(metric.value)
            return Sample(metric: metric, value: isTime ? timeSample(entry.value) : operand(entry.value))
        }
    }

    /// A sample of a `trend(ms)`. A duration is text there, which an expression has in quotes.
    private mutating func timeSample(_ node: PlanNode) -> Operand {
        guard let text = node.scalar?.text.text, (try? DurationText.nanoseconds(of: text)) != nil else {
            return operand(node)
        }
        report(
            .malformedExpression, .bareDuration(text), at: node.span, help: "put it in quotes: '\"\(text)\"'")
        return .unreadable(node.span)
    }
}

extension Diagnostic.Message {
    fileprivate static func noMetricName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a metric") }

    fileprivate static func builtInMetric(_ name: String) -> Self {
        Self("every run has a metric '\(name)' of its own")
    }

    fileprivate static func wordOfAwait(_ word: String) -> Self {
        Self("'since: \(word)' belongs to an 'await': a 'measure' is from a mark")
    }

    fileprivate static func bareDuration(_ text: String) -> Self {
        Self("'\(text)' is no expression: a duration is text")
    }

    fileprivate static func reservedMark(_ key: String) -> Self { Self("a mark cannot be called '\(key)'") }
}
