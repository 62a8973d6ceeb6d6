package import Diagnostics
package import PlanSyntax

/// Reads the nodes of a document as a plan, and reports all that is wrong with them, never one thing as the
/// consequence of another.
package struct PlanReader: Sendable {
    /// What came of it.
    package struct Reading: Sendable {
        /// Nil where the document is no mapping. With diagnostics the plan is as near to what its author wrote as can be,
        /// so that the rules of lint can judge the rest; nothing of it may be run.
        package var plan: Plan?
        package var diagnostics: [Diagnostic]
        /// One for each required environment variable without a value: errors for a run, of no interest to lint.
        package var missingEnvironment: [Diagnostic]
        /// Whether the plan has all the steps of its document. Where steps, or keys that may hold some, had to be left
        /// out, what seems to be missing from it may stand in them.
        package var isComplete: Bool
    }

    private let environment: [String: String]

    /// `environment` is what the process was started with, and above that what the command line says.
    package init(environment: [String: String]) { self.environment = environment }

    /// Reads the document of a file.
    package func read(_ document: PlanNode, of file: SourceFile) -> Reading {
        var reader = NodeReader(file: file, environment: environment)
        let plan = reader.plan(document)
        return Reading(
            plan: plan, diagnostics: DiagnosticRenderer.inSourceOrder(reader.findingsWithoutConsequences),
            missingEnvironment: reader.missingEnvironment, isComplete: reader.isComplete)
    }
}
