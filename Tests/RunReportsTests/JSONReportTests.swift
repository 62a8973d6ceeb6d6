import RunReports
import TestSupport
import Testing

@Test(arguments: Sample.all)
func jsonReportReadsAsRecorded(_ sample: Sample) {
    let text = String(decoding: JSONReport.render(sample.summary, plan: sample.plan), as: UTF8.self)
    Golden.expect(text, equals: Fixture("\(sample.name).json.out").path)
}
