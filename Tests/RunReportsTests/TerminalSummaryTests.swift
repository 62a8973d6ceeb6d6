import RunReports
import TestSupport
import Testing

@Test(arguments: Sample.all)
func terminalSummaryReadsAsRecorded(_ sample: Sample) {
    let text = TerminalSummary.render(sample.summary, plan: sample.plan)
    Golden.expect(text, equals: Fixture("\(sample.name).terminal.out").path)
}

@Test func narrowTerminalsGetTwoTablesOfTimes() {
    let sample = Sample.mixedThresholds
    let text = TerminalSummary.render(sample.summary, plan: sample.plan, width: 80)
    Golden.expect(text, equals: Fixture("thresholds-mixed.narrow.out").path)
}

@Test(arguments: Sample.all)
func coloursChangeNothingButColours(_ sample: Sample) {
    let plain = TerminalSummary.render(sample.summary, plan: sample.plan)
    let coloured = TerminalSummary.render(sample.summary, plan: sample.plan, style: .colour)
    #expect(coloured.contains("\u{1B}["))
    let stripped = coloured.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated()
        .map { $0.offset == 0 ? String($0.element) : String($0.element.drop { $0 != "m" }.dropFirst()) }.joined()
    #expect(stripped == plain)
}

@Test(arguments: Sample.all)
func nothingOfAPeerReachesTheTerminalUnescaped(_ sample: Sample) {
    let reports = [
        TerminalSummary.render(sample.summary, plan: sample.plan),
        String(decoding: JSONReport.render([.init(sample.record, sample.summary)]), as: UTF8.self),
    ]
    for report in reports {
        let unsafe = report.unicodeScalars.filter { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(unsafe.isEmpty)
    }
}
