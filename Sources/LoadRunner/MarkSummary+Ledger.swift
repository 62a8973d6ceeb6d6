import Diagnostics
package import EventProgram
import Expressions
package import LoadMetrics

extension MarkSummary {
    /// Every text of a mark that was set at all, in the order of the program.
    package static func all(_ ledger: MarkLedger?, of program: Program) -> [MarkSummary] {
        guard let ledger else { return [] }
        return zip(program.pools.markTexts, ledger.texts).filter { $1.set > 0 }.map { key, counts in
            MarkSummary(
                key: key, scenario: program.scenario, set: counts.set, measured: counts.measured,
                replaced: counts.replaced, neverMeasured: counts.neverMeasured, cut: counts.cut)
        }
    }
}

extension MissedMeasureSummary {
    /// Every place that found no mark, or a time after now; places of one metric and one key are one.
    package static func all(_ ledger: MarkLedger?, of program: Program) -> [MissedMeasureSummary] {
        guard let ledger else { return [] }
        let pools = program.pools
        var found: [MissedMeasureSummary] = []
        func note(_ metric: MetricSelector, since: String, withoutMark: UInt64 = 0, inFuture: UInt64 = 0) {
            guard withoutMark + inFuture > 0 else { return }
            if let index = found.firstIndex(where: { $0.metric == metric && $0.since == since }) {
                found[index].withoutMark += withoutMark
                found[index].inFuture += inFuture
            } else {
                found.append(
                    MissedMeasureSummary(
                        metric: metric, since: since, scenario: program.scenario, withoutMark: withoutMark,
                        inFuture: inFuture))
            }
        }
        func key(_ reference: UInt32) -> String {
            pools.templates[Int(pools.markReferences[Int(reference)].key)].source.text
        }
        for (index, measure) in pools.measures.enumerated() {
            let metric = MetricSelector(.custom(pools.metrics[Int(measure.metric)].name, .trend, isTime: true))
            switch measure.since {
            case .mark(let reference):
                note(metric, since: key(reference), withoutMark: ledger.missing[Int(reference)])
            case .epochMilliseconds(let expression):
                let text = pools.expressions[Int(expression)].source.text
                note(metric, since: text, inFuture: ledger.inFuture[index])
            }
        }
        for await_ in pools.awaits {
            guard case .mark(let reference) = await_.since else { continue }
            note(
                MetricSelector(.wsAwait, ["name": await_.name]), since: key(reference),
                withoutMark: ledger.missing[Int(reference)])
        }
        return found
    }
}
