import Diagnostics
import PlanSyntax
import TestSupport
import Testing

/// Plans in YAML have a twin in JSON: the same document, about which the same is said at other places. Those of all targets
/// that judge plans are looked after here.
struct JSONTwinTests {
    struct Plan: CustomTestStringConvertible, Sendable {
        /// Without its ending.
        var path: String
        var testDescription: String { path }
        var yaml: String { BuiltProducts.packageRoot + "/Tests/" + path + ".yaml" }
        var json: String { BuiltProducts.packageRoot + "/Tests/" + path + ".json" }

        static func all(in folders: [String]) throws -> [Plan] {
            try folders.flatMap { folder in
                try TextFile.names(in: BuiltProducts.packageRoot + "/Tests/" + folder)
                    .filter { $0.hasSuffix(".yaml") }.map { Plan(path: "\(folder)/\($0.dropLast(5))") }
            }
        }
    }

    /// What only YAML can say.
    private static let onlyInYAML = [
        "PlanModelTests/Fixtures/err/textTakenForComment": "JSON has no comments",
        "PlanModelTests/Fixtures/err/numberWithoutJSON": "JSON has no such numbers",
        "PlanModelTests/Fixtures/err/missingSpaces": "spaces mean nothing in JSON",
    ]

    /// Twins that are written by hand, with what only JSON can say, or without what only YAML can.
    private static let writtenByHand = [
        "PlanCompilerTests/Fixtures/err/spans": "the escapes of JSON",
        "PlanLintTests/Fixtures/err/duplicateTimerID": "JSON has no aliases",
    ]

    private static let refused = [
        "PlanModelTests/Fixtures/err", "PlanLintTests/Fixtures/err", "PlanCompilerTests/Fixtures/err",
        "WSPlanCommandTests/Fixtures/err",
    ]

    @Test(arguments: try Plan.all(in: refused).filter { onlyInYAML[$0.path] == nil && writtenByHand[$0.path] == nil })
    func isTheSameDocument(_ plan: Plan) throws {
        let document = try #require(Self.read(plan.yaml).document)
        Golden.expect(try #require(document.json) + "\n", equals: plan.json)
    }

    @Test(
        arguments: try Plan.all(in: refused + ["PlanModelTests/Fixtures/ok"]).filter {
            onlyInYAML[$0.path] == nil && writtenByHand[$0.path] == nil
        })
    func isJudgedAlike(_ plan: Plan) throws {
        let yaml = try Self.read(plan.yaml)
        let text = try #require(yaml.document?.json)
        let json = ReadPlan(SourceFile(name: "plan.json", bytes: Array(text.utf8)))
        let messages = { (diagnostics: [Diagnostic]) in
            DiagnosticRenderer.inSourceOrder(diagnostics).map { "\($0.message.text) [\($0.code.rawValue)]" }
        }
        #expect(messages(json.diagnostics) == messages(yaml.diagnostics))
    }

    private static func read(_ path: String) throws -> ReadPlan {
        ReadPlan(SourceFile(name: "plan.yaml", bytes: try TextFile.readBytes(path)))
    }
}
