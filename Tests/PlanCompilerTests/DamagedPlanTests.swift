import Diagnostics
import TestSupport
import Testing

/// Every plan and fixture of this package, cut off and with single bytes changed: whatever comes of it, `lint` ends soon,
/// names places within the text, and does not crash.
///
/// Should it crash or hang, a file is named that holds the text.
@Suite(.serialized) struct DamagedPlanTests {
    /// Everything that may be a plan below `plans/` and the fixtures of all tests, as far as it is small enough.
    static let sources: [SourceFile] = {
        let tests = BuiltProducts.packageRoot + "/Tests"
        let folders = names(in: tests).map { "\(tests)/\($0)/Fixtures" } + [BuiltProducts.packageRoot + "/plans"]
        let files = folders.flatMap(plans(below:))
        precondition(files.count > 100, "where are the fixtures? found \(files.count)")
        return files
    }()

    private static func names(in folder: String) -> [String] { (try? TextFile.names(in: folder)) ?? [] }

    private static func plans(below folder: String) -> [SourceFile] {
        names(in: folder).flatMap { name -> [SourceFile] in
            let path = "\(folder)/\(name)"
            guard [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) else {
                return name.contains(".") ? [] : plans(below: path)
            }
            guard let bytes = try? TextFile.readBytes(path) else { return [] }
            return [SourceFile(name: path, bytes: bytes)]
        }
    }

    @Test func lintNamesAPlaceInEveryTruncation() {
        let blackBox = BlackBox()
        var random = Damage.Random(seed: 0xC07)
        for file in Self.sources {
            for length in Damage.positions(in: file, &random) {
                Damage.lint(file, Array(file.bytes[..<length]), blackBox)
            }
        }
    }

    /// What is cut off has one fault: where the syntax breaks there, nothing else is said, least of all that something is
    /// missing or unknown.
    @Test func aBreakOfTheSyntaxHasNoConsequences() {
        var broken = 0
        for file in Self.sources where file.name.contains("/plans/") {
            for length in 0..<file.bytes.count {
                let cut = LintedPlan(SourceFile(name: file.name, bytes: Array(file.bytes[..<length])))
                guard cut.diagnostics.contains(where: { [.malformedYAML, .malformedJSON].contains($0.code) }) else {
                    continue
                }
                #expect(cut.diagnostics.count == 1, "\(cut.renderedDiagnostics)")
                broken += 1
            }
        }
        #expect(broken > 500)
    }

    @Test func lintNamesAPlaceInEverySingleByteCorruption() {
        let blackBox = BlackBox()
        var random = Damage.Random(seed: 0x5EED)
        for file in Self.sources {
            for offset in Damage.positions(in: file, &random) {
                for byte in Damage.replacements(&random) where byte != file.bytes[offset] {
                    var bytes = file.bytes
                    bytes[offset] = byte
                    Damage.lint(file, bytes, blackBox)
                }
            }
        }
    }
}
