import Diagnostics
import TestSupport
import Testing

/// Every code is shown by goldens: what a plan in YAML, and one in JSON, gets to read.
struct CodeCoverageTests {
    private static let cannotOccurInYAML: [DiagnosticCode: String] = [
        .malformedJSON: "it is about JSON"
    ]

    private static let cannotOccurInJSON: [DiagnosticCode: String] = [
        .malformedYAML: "it is about YAML",
        .severalDocuments: "a second value behind the first is malformed JSON",
        .explicitTag: "there are no tags",
        .unusableKey: "keys are always strings",
        .unusableAlias: "there are no aliases",
        .unusableMerge: "there are no merge keys",
        .needsQuotes: "text always stands in quotes",
        .missingSpace: "spaces mean nothing",
        .textTakenForComment: "there are no comments",
        .numberWithoutJSON: "it is about the numbers that only YAML has",
    ]

    @Test func everyCodeIsShownInYAML() throws {
        let shown = try Self.codes(inGoldensOf: ".yaml")
        let missing = DiagnosticCode.allCases.filter { !shown.contains($0) }
        #expect(Set(missing) == Set(Self.cannotOccurInYAML.keys))
    }

    @Test func everyCodeIsShownInJSON() throws {
        let shown = try Self.codes(inGoldensOf: ".json")
        let missing = DiagnosticCode.allCases.filter { !shown.contains($0) }
        #expect(Set(missing) == Set(Self.cannotOccurInJSON.keys))
    }

    /// The codes in the goldens `*.yaml.out` or `*.json.out` of all targets.
    private static func codes(inGoldensOf ending: String) throws -> Set<DiagnosticCode> {
        let tests = BuiltProducts.packageRoot + "/Tests/"
        var codes: Set<DiagnosticCode> = []
        for target in try TextFile.names(in: tests) {
            for folder in ["err", "broken"] {
                let path = tests + target + "/Fixtures/" + folder
                for name in (try? TextFile.names(in: path)) ?? [] where name.hasSuffix(ending + ".out") {
                    let text = try TextFile.read(path + "/" + name)
                    codes.formUnion(DiagnosticCode.allCases.filter { text.contains("[\($0.rawValue)]") })
                }
            }
        }
        return codes
    }
}
