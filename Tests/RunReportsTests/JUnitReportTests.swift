import Diagnostics
import LoadMetrics
import RunReports
import TestSupport
import Testing

@Suite struct JUnitReportTests {
    private func render(_ runs: [JUnitReport.Run]) -> String {
        String(decoding: JUnitReport.render(runs, host: "host.test", version: "0.1.0"), as: UTF8.self)
    }

    @Test(arguments: Sample.all) func readsAsRecorded(_ sample: Sample) {
        Golden.expect(
            render([JUnitReport.Run(sample.summary, plan: sample.plan)]),
            equals: Fixture("\(sample.name).junit.out").path)
    }

    /// A case that did not pass is what makes a build fail, and so it has to say what the exit code says.
    @Test(arguments: Sample.all) func allCasesPassWhereTheRunDoes(_ sample: Sample) {
        let report = render([JUnitReport.Run(sample.summary)])
        let passes = report.contains(" failures=\"0\" errors=\"0\" ")
        #expect(passes == (sample.summary.verdict.exitCode == 0))
    }

    @Test func noTwoCasesOfAFileHaveOneName() {
        let report = render([Sample.tiny, Sample.tiny].map { JUnitReport.Run($0.summary) })
        #expect(report.components(of: "name=\"status is 101\" classname=\"echo.main\"") == 1)
        #expect(report.components(of: "name=\"status is 101 (2)\" classname=\"echo.main\"") == 1)
    }

    /// Names that a parser takes for the same, and those that look like a number given to another.
    @Test func namesAreToldFromEachOtherAsAParserReadsThem() {
        var summary = Sample.tiny.summary
        let names = ["a b", "a  b ", "a\tb", "a\\tb", "a b (2)", "<&>\"'", "\u{0}\u{FFFE}\u{1F600}"]
        summary.checks = names.map { CheckSummary(.init($0, scenario: "main"), passes: 1, fails: 0) }
        let report = render([JUnitReport.Run(summary)])
        let written = [
            "a b", "a  b  (2)", "a\\tb", "a\\tb (2)", "a b (2) (2)", "&lt;&amp;&gt;&quot;'", "\\u{0}\\u{FFFE}\u{1F600}",
        ]
        for name in written { #expect(report.components(of: "name=\"\(name)\" classname") == 1, "\(name)") }
    }

    /// What thresholds tolerate fails neither the run nor the build.
    @Test func aToleratedFailureIsNoFailure() {
        let summary = Sample.mixedThresholds.summary
        #expect(summary.errors.map(\.isTolerated) == [true])
        let report = render([JUnitReport.Run(summary)])
        #expect(report.contains("<testcase name=\"errors of kind reset\" classname=\"load.main\" time=\"0\"/>"))
    }
}

extension String {
    fileprivate func components(of text: String) -> Int {
        self.split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
