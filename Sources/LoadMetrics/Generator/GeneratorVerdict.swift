/// Whether what was measured is the server's doing, or the generator's own.
package struct GeneratorVerdict: Equatable, Sendable {
    package enum Grade: String, CaseIterable, Comparable, Sendable {
        case clean
        /// Something disturbed it: numbers at the edge of a limit deserve a second run.
        case degraded
        /// It was the bottleneck: what fails a threshold may be its own slowness.
        case limited

        package static func < (left: Self, right: Self) -> Bool {
            left == .clean && right != .clean || left == .degraded && right == .limited
        }
    }

    package let grade: Grade
    /// Why it is not clean, in words, the gravest first.
    package let reasons: [String]
    package let figures: GeneratorFigures

    /// - Parameter reasons: each with the grade that it gives.
    init(_ reasons: [(grade: Grade, text: String)], _ figures: GeneratorFigures) {
        self.figures = figures
        grade = reasons.map(\.grade).max() ?? .clean
        self.reasons =
            reasons.filter { $0.grade == .limited }.map(\.text) + reasons.filter { $0.grade != .limited }.map(\.text)
    }

    /// - Parameter reasons: in their order.
    package init(_ grade: Grade, reasons: [String], _ figures: GeneratorFigures) {
        self.grade = grade
        self.reasons = reasons
        self.figures = figures
    }

    /// What makes a run inconclusive of which only thresholds failed (`VerdictFacts.generatorLimits`); empty unless it was
    /// limited.
    package var limits: [String] { grade == .limited ? reasons : [] }
}

extension GeneratorVerdict {
    /// Judges a generator. Nothing but what was recorded counts.
    package init(of seconds: [GeneratorSecond], _ pressure: HostPressure = HostPressure(), thresholds: [Threshold] = [])
    {
        var watch = GeneratorWatch(thresholds: thresholds)
        for second in seconds { watch.add(second) }
        self = watch.verdict(pressure)
    }
}
