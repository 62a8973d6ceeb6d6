import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// `mark`, `measure` and `record`. That a metric is there, and of the right kind, is lint's to say.
extension ScenarioCompiler {
    mutating func compileMark(_ key: ParsedTemplate, _ scope: Scope) {
        guard let template = markKey(key, scope) else { return }
        code.emit(.mark, a: code.mark(template), at: key.source.span)
    }

    /// The key of a mark, of a length that keys can have as far as that is known before the run. That nothing is written there
    /// was reported when it was read.
    mutating func markKey(_ key: ParsedTemplate, _ scope: Scope) -> Template? {
        guard let template = template(key, scope) else { return nil }
        if let count = template.constant?.count {
            if count == 0, key.literal == nil {
                diagnostics.append(Diagnostic(.invalidName, .emptyKey, at: key.source.span))
            } else if count > VirtualUser.markKeyLimit {
                diagnostics.append(Diagnostic(.invalidName, .keyTooLong(count), at: key.source.span))
            }
        }
        return template
    }

    mutating func compile(_ measure: Measure, _ span: SourceSpan, _ scope: Scope) {
        let since: Pools.Measure.Since?
        var span = span
        switch measure.since {
        case nil:
            lacksParts = true
            return
        case .mark(let key):
            since = markKey(key, scope).map { .mark(code.markReference($0)) }
            span = key.source.span
        case .epochMilliseconds(let parsed):
            since = expression(parsed, expecting: .number, scope).map { .epochMilliseconds(code.add($0)) }
        }
        guard let since, let metric = metric(measure.metric), metric.kind == .time else { return }
        code.emit(.measure, a: code.add(Pools.Measure(metric: code.metric(metric), since: since)), at: span)
    }

    mutating func compile(_ samples: [Sample], _ scope: Scope) {
        for sample in samples {
            guard let value = source(of: sample.value, scope), let metric = metric(sample.metric) else { continue }
            if let refusal = metric.refusal(of: value) {
                diagnostics.append(Diagnostic(.unfitSample, .init(refusal), at: sample.value.span))
            }
            code.emit(
                .record, a: code.add(Pools.Record(metric: code.metric(metric), value: value)), at: sample.metric.span)
        }
    }

    private func metric(_ name: Located<String>) -> Pools.Metric? {
        plan.metric(named: name.value).map { declaration in
            let kind: Pools.Metric.Kind =
                switch declaration.kind {
                case .counter: .counter
                case .gauge: .gauge
                case .rate: .rate
                case .trend: .trend
                case .time: .time
                }
            return Pools.Metric(name: declaration.name.value, kind: kind)
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let emptyKey = Self("the key of a mark is empty")

    fileprivate static func keyTooLong(_ count: Int) -> Self {
        Self("the key of a mark has at most \(VirtualUser.markKeyLimit) bytes, this one has \(count)")
    }
}
