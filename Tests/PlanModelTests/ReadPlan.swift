import Diagnostics
import PlanModel
import PlanSyntax

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
