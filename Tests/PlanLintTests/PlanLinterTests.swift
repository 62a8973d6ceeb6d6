import Diagnostics
import PlanLint
import PlanModel
import PlanSyntax
import TestSupport
import Testing

struct PlanLinterTests {
    private static func plans(in folder: String) -> [Fixture] {
        Fixture.all(in: folder, endingIn: [".yaml", ".json"])
    }

    /// All that `lint` says of a file, but for what only a compiler sees.
    private static func lint(_ file: SourceFile) -> [Diagnostic] {
        let (document, problems) = PlanDocument.read(file)
        guard let document else { return problems }
        let reading = PlanReader(environment: [:]).read(document, of: file)
        let findings = reading.plan.map { PlanLinter.check($0, isComplete: reading.isComplete) } ?? []
        return problems + reading.diagnostics + findings
    }

    @Test(arguments: plans(in: "err"))
    func findsAllMistakes(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let rendered = DiagnosticRenderer(file: file).render(Self.lint(file))
        Golden.expect(rendered, equals: fixture.path + ".out")
    }

    @Test
    func everyRuleHasAFixtureAndACodeOfItsOwn() throws {
        var codes: [DiagnosticCode] = []
        for rule in PlanLinter.rules {
            for format in ["yaml", "json"] {
                let file = try Fixture("err/\(rule.code).\(format)").source()
                #expect(Self.lint(file).contains { $0.code == rule.code }, "\(rule.code) in \(format)")
            }
            codes.append(rule.code)
        }
        #expect(codes.map(\.rawValue) == Set(codes).map(\.rawValue).sorted())
    }

    @Test(arguments: plans(in: "ok"))
    func acceptsEveryWayToEndASession(_ fixture: Fixture) throws {
        let file = try fixture.source()
        #expect(DiagnosticRenderer(file: file).render(Self.lint(file)) == "")
    }

    @Test(arguments: try TextFile.names(in: BuiltProducts.packageRoot + "/plans").filter { !$0.hasSuffix(".md") })
    func hasNothingToSayOfThePlansOfThisPackage(_ name: String) throws {
        let file = SourceFile(name: name, bytes: try TextFile.readBytes(BuiltProducts.packageRoot + "/plans/" + name))
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
