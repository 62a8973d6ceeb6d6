import LoadMetrics
import RunReports
import TestSupport
import Testing

@Suite struct JSONReportTests {
    private func render(_ sample: Sample) -> [UInt8] {
        JSONReport.render([JSONReport.Run(sample.record, sample.summary)])
    }

    private func read(_ bytes: [UInt8]) throws(JSONReport.ReadError) -> [RunRecord] {
        let result: Result<[RunRecord], JSONReport.ReadError> = bytes.withUnsafeBytes { bytes in
            do throws(JSONReport.ReadError) { return .success(try JSONReport.read(bytes)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    @Test(arguments: Sample.all) func readsAsRecorded(_ sample: Sample) {
        Golden.expect(String(decoding: render(sample), as: UTF8.self), equals: Fixture("\(sample.name).json.out").path)
    }

    /// Whoever judges it later says the same, on a terminal and in files.
    @Test(arguments: Sample.all) func aResultThatIsReadAgainIsJudgedAsBefore(_ sample: Sample) throws {
        let again = try #require(try read(render(sample)).first)
        let before = RunSummary(of: sample.record)
        let after = RunSummary(of: again)
        #expect(
            TerminalSummary.render(after, plan: again.plan.source)
                == TerminalSummary.render(before, plan: sample.plan))
        #expect(after.verdict == before.verdict)
        #expect(JSONReport.render([.init(again, after)]) == JSONReport.render([.init(sample.record, before)]))
        let runs = [JUnitReport.Run(before, plan: sample.plan), JUnitReport.Run(after, plan: again.plan.source)]
        let files = runs.map { JUnitReport.render([$0], host: "", version: "") }
        #expect(files[0] == files[1])
    }

    @Test func severalRunsAreAList() throws {
        let runs = Sample.all.map { JSONReport.Run($0.record, $0.summary) }
        let records = try read(JSONReport.render(runs, isList: true))
        #expect(records.map(\.plan.name) == Sample.all.map(\.record.plan.name))
        #expect(try read(JSONReport.render([], isList: true)).isEmpty)
    }

    /// What is replaced, by what, and what is said of it.
    @Test(
        arguments: [
            (
                #""wsplan_report": 1"#, #""wsplan_report": 2"#,
                "a report of version 2, which this version of wsplan does not know"
            ),
            (#""wsplan_report": 1,"#, "", "'wsplan_report' is missing"),
            (#""measurements":"#, #""measurement":"#, "'measurements' is missing"),
            (#""shard": null"#, #""shard": {"part": 5, "of": 4}"#, "no run has a shard 5/4"),
            (#""model": "closed""#, #""model": "ajar""#, "unknown word 'ajar'"),
            (#""seed": 42"#, #""seed": -1"#, "a whole number from 0 to 9223372036854775807 should stand here"),
            (#""metric": "order_time""#, #""metric": "x""#, nil),
            (#""version":1"#, #""version":7"#, "measurements of version 7, which this version of wsplan does not know"),
            (
                #""missed_measures": ["#,
                #""missed_measures": [{"metric":"x","tags":{},"since":"","scenario":"","without_mark":1,"in_future":0},"#,
                "unknown metric 'x'"
            ),
        ] as [(String, String, String?)])
    func aDamagedResultIsRefused(_ old: String, _ new: String, _ problem: String?) throws {
        let text = String(decoding: render(.ownMetrics), as: UTF8.self)
        let range = try #require(text.firstRange(of: old))
        let broken = Array((text[..<range.lowerBound] + new + text[range.upperBound...]).utf8)
        guard let problem else {
            // A figure for readers, which follows from the measurements.
            #expect(try read(broken).count == 1)
            return
        }
        let error = #expect(throws: JSONReport.ReadError.self) { try read(broken) }
        #expect(error?.problem == problem)
    }

    @Test func noDamageStopsTheProgram() throws {
        let bytes = render(.failingCheck)
        for end in stride(from: 0, to: bytes.count - 2, by: bytes.count / 97) {
            let error = #expect(throws: JSONReport.ReadError.self, "cut at \(end)") { try read(Array(bytes[..<end])) }
            #expect((error?.offset ?? .max) <= end)
        }
        let strangers = Array("0-9]}[{\",e:x".utf8)
        for place in stride(from: 0, to: bytes.count, by: bytes.count / 797) {
            var broken = bytes
            broken[place] = strangers[place % strangers.count]
            guard let records = try? read(broken) else { continue }
            for record in records { _ = TerminalSummary.render(RunSummary(of: record), plan: record.plan.source) }
        }
    }
}
