import Diagnostics
import PlanLint
import PlanModel
import PlanSyntax
import TestSupport
import Testing

struct PlanLinterTests {
    private static let fixtures = BuiltProducts.packageRoot + "/Tests/PlanLintTests/Fixtures/"

    private static func yamlFiles(in directory: String) -> [String] {
        ((try? TextFile.names(in: directory)) ?? []).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }
    }

    /// All that `lint` says of a file, but for what only a compiler sees.
    private static func lint(_ file: SourceFile) -> [Diagnostic] {
        let (document, problems) = PlanDocument.read(file)
        guard let document else { return problems }
        let reading = PlanReader(environment: [:]).read(document, of: file)
        let findings = reading.plan.map { PlanLinter.check($0, isComplete: reading.isComplete) } ?? []
        return problems + reading.diagnostics + findings
    }

    private static func file(_ name: String, in directory: String) throws -> SourceFile {
        SourceFile(name: name, bytes: Array(try TextFile.read(directory + "/" + name).utf8))
    }

    @Test(arguments: yamlFiles(in: fixtures + "err"))
    func findsAllMistakes(_ name: String) throws {
        let file = try Self.file(name, in: Self.fixtures + "err")
        let rendered = DiagnosticRenderer(file: file).render(Self.lint(file))
        Golden.expect(rendered, equals: Self.fixtures + "err/" + name + ".out")
    }

    @Test
    func everyRuleHasAFixtureAndACodeOfItsOwn() throws {
        var codes: [DiagnosticCode] = []
        for rule in PlanLinter.rules {
            for format in ["yaml", "json"] {
                let file = try Self.file("\(rule.code).\(format)", in: Self.fixtures + "err")
                #expect(Self.lint(file).contains { $0.code == rule.code }, "\(rule.code) in \(format)")
            }
            codes.append(rule.code)
        }
        #expect(codes.map(\.rawValue) == Set(codes).map(\.rawValue).sorted())
    }

    @Test(arguments: yamlFiles(in: fixtures + "ok"))
    func acceptsEveryWayToEndASession(_ name: String) throws {
        let file = try Self.file(name, in: Self.fixtures + "ok")
        #expect(DiagnosticRenderer(file: file).render(Self.lint(file)) == "")
    }

    @Test(arguments: yamlFiles(in: BuiltProducts.packageRoot + "/plans"))
    func hasNothingToSayOfThePlansOfThisPackage(_ name: String) throws {
        let file = try Self.file(name, in: BuiltProducts.packageRoot + "/plans")
        #expect(DiagnosticRenderer(file: file).render(Self.lint(file)) == "")
    }

    @Test
    func followsLongChainsOfBlocks() throws {
        let count = 5_000
        var yaml = "url: ws://127.0.0.1:9001/\non_open: [{use: b0}]\nblocks:\n"
        for index in 0..<count { yaml += "  b\(index): [{use: b\(index + 1)}]\n" }
        yaml += "  b\(count): [{use: b0}, close]\n"
        let codes = Self.lint(SourceFile(name: "chain.yaml", bytes: Array(yaml.utf8))).map(\.code)
        #expect(codes == [.recursiveBlock])
    }
}
