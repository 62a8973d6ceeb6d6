import TestSupport
import Testing

/// Each file of `Fixtures/` is a plan, a line `---`, and a script with what came of it. Adding a test is adding a file.
@Suite struct TranscriptTests {
    static let fixtures = Fixture.all(endingIn: [".txt"])

    @Test func thereAreTranscripts() { #expect(Self.fixtures.count > 10) }

    @Test(arguments: fixtures) func playsAsRecorded(_ fixture: Fixture) throws {
        let content = try TextFile.read(fixture.path)
        let separator = try #require(content.firstRange(of: "\n---\n"), "\(fixture.name) has no line ---")
        let plan = String(content[..<separator.lowerBound]) + "\n"
        var transcript = try Transcript(plan: plan)
        try transcript.play(content[separator.upperBound...])
        Golden.expect(plan + "---\n" + transcript.text, equals: fixture.path)
    }
}
