import Diagnostics
import LoadMetrics

extension TerminalSummary {
    // MARK: Marks

    /// What became of the marks, and the measures that gave no sample.
    mutating func addMarks() {
        guard !summary.marks.isEmpty || !summary.missedMeasures.isEmpty else { return }
        addHeading("marks")
        if !summary.marks.isEmpty {
            var table = TextTable([.left] + Array(repeating: .right, count: 5))
            table.add(
                [.init("")]
                    + ["set", "measured", "replaced", "never measured", "cut by the load's end"]
                    .map { .init($0, .faint) })
            for mark in summary.marks {
                table.add([
                    .init(place(mark.key, in: mark.scenario)), .init("\(mark.set)"), .init("\(mark.measured)"),
                    .init("\(mark.replaced)"),
                    .init("\(mark.neverMeasured)", mark.neverMeasured > 0 ? .warning : .none), .init("\(mark.cut)"),
                ])
            }
            add(table)
        }
        for missed in summary.missedMeasures {
            let metric = missed.metric.description.escaped(limit: 100)
            let what = "\(metric) since \(place(missed.since, in: missed.scenario))"
            if missed.withoutMark > 0 { addNotice("\(what): \(missed.withoutMark) found no mark") }
            if missed.inFuture > 0 { addNotice("\(what): \(missed.inFuture) lay after now") }
        }
    }
}
