import LoadMetrics

extension TerminalSummary {
    /// How the generator itself fared, with the numbers that say so, and why it was not clean.
    mutating func addGenerator() {
        guard let generator = summary.generator else { return }
        let emphasis: Emphasis = generator.grade == .clean ? .none : .warning
        add("  generator: \(paint(generator.grade.rawValue, emphasis)) (\(generator.figures.inWords))")
        for reason in generator.reasons { add("    " + reason) }
    }
}

extension GeneratorFigures {
    /// `600 of 600 begun in time, loop lag p(99) up to 1.20ms, loops up to 34.2% busy`.
    fileprivate var inWords: String {
        let begun = due == 0 ? "" : "\(startedInTime) of \(due) begun in time, "
        return begun + "loop lag p(99) up to \(NumberFormat.time(Double(lagNanoseconds)))"
            + (busy > 0 ? ", loops up to \(NumberFormat.percentage(busy, decimals: 1)) busy" : "")
    }
}
