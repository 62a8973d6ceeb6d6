import Diagnostics
import PlanModel
import PlanSyntax
import TestSupport
import Testing

/// A plan file of `Fixtures/`.
struct PlanFixture: CustomTestStringConvertible, Sendable {
    /// Relative to `Fixtures/`, as diagnostics print it.
    var name: String

    var testDescription: String { name }

    private static let directory = BuiltProducts.packageRoot + "/Tests/PlanModelTests/Fixtures/"

    /// The fixtures of one folder.
    static func all(in folder: String) -> [PlanFixture] {
        let names = (try? TextFile.names(in: directory + folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.map { PlanFixture(name: folder + "/" + $0) }
    }

    /// The golden file beside it.
    var goldenPath: String { Self.directory + name.dropLast(".yaml".utf8.count) + ".out" }

    func file() throws -> SourceFile {
        SourceFile(name: name, bytes: Array(try TextFile.read(Self.directory + name).utf8))
    }
}

/// A document, and what the reader makes of it.
struct ReadPlan {
    var plan: Plan?
    /// Of the syntax and of the model, what a run would report besides what the rules find.
    var diagnostics: [Diagnostic]
    var document: PlanNode?

    init(_ file: SourceFile, environment: [String: String] = [:]) {
        let (document, problems) = PlanDocument.read(file)
        self.document = document
        diagnostics = problems
        guard let document else { return }
        let reading = PlanReader(environment: environment).read(document, of: file)
        plan = reading.plan
        diagnostics += reading.diagnostics + reading.missingEnvironment
    }

    /// Reads YAML that stands in a test.
    init(yaml: String, environment: [String: String] = [:]) {
        self.init(SourceFile(name: "plan.yaml", bytes: Array(yaml.utf8)), environment: environment)
    }
}
