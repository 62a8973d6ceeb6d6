import TestSupport
import Testing

/// Each file of `Fixtures/` is a plan, a line `---`, and a script with what came of it. Adding a test is adding a file.
@Suite struct TranscriptTests {
    private static let folder = BuiltProducts.packageRoot + "/Tests/EventProgramTests/Fixtures"

    static let names = (try? TextFile.names(in: folder).filter { $0.hasSuffix(".txt") }) ?? []

    @Test func thereAreTranscripts() { #expect(Self.names.count > 10) }

    @Test(arguments: names) func playsAsRecorded(_ name: String) throws {
        let path = "\(Self.folder)/\(name)"
        let content = try TextFile.read(path)
        let separator = try #require(content.firstRange(of: "\n---\n"), "\(name) has no line ---")
        let plan = String(content[..<separator.lowerBound]) + "\n"
        var transcript = try Transcript(plan: plan)
        try transcript.play(content[separator.upperBound...])
        Golden.expect(plan + "---\n" + transcript.text, equals: path)
    }
}
