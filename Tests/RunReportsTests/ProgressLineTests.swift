import LoadMetrics
import RunReports
import Testing

@Suite struct ProgressLineTests {
    private func progress(_ milliseconds: Int64, _ messages: Int64) -> RunProgress {
        RunProgress(
            sinceStartNanoseconds: milliseconds * 1_000_000, vus: 10, openSessions: 1, messages: messages, errors: 0)
    }

    /// Of lines that come often the last second counts, of others the time since the one before.
    @Test func messagesASecondAreThoseOfTheLastSecond() {
        var line = ProgressLine()
        var lines: [String] = []
        for tenth in 1...20 {
            lines.append(line.text(for: progress(Int64(tenth) * 100, Int64(tenth) * (tenth > 10 ? 200 : 100))))
        }
        #expect(lines[0] == "100ms: 10 VUs, 1 session open, 1000 messages/s, 0 errors")
        #expect(lines[9] == "1.00s: 10 VUs, 1 session open, 1000 messages/s, 0 errors")
        #expect(lines[19] == "2.00s: 10 VUs, 1 session open, 3000 messages/s, 0 errors")
        #expect(line.text(for: progress(12_000, 4_000)) == "12.0s: 10 VUs, 1 session open, 0 messages/s, 0 errors")
    }

    @Test func whatIsTooLongForTheTerminalIsCut() {
        var line = ProgressLine()
        #expect(line.text(for: progress(1_000, 5), width: 13) == "1.00s: 10 VUs")
    }
}
