import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// `mark`, `measure` and `record`. That a metric is there, and of the right kind, is lint's to say.
extension ScenarioCompiler {
    mutating func compileMark(_ key: ParsedTemplate, _ span: SourceSpan, _ scope: Scope) {
        guard let template = template(key, scope) else { return }
        code.emit(.mark, a: code.mark(template), at: span)
    }

    mutating func compile(_ measure: Measure, _ span: SourceSpan, _ scope: Scope) {
        let since: Pools.Measure.Since?
        switch measure.since {
        case .mark(let key): since = template(key, scope).map { .mark(code.markReference($0)) }
        case .epochMilliseconds(let parsed):
            let checked = notingUse { parsed.check(in: scope, expecting: .number, into: &$0) }
            since = checked.map { .epochMilliseconds(code.add($0)) }
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
