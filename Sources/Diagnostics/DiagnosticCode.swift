/// The name of one kind of diagnostic, printed in brackets after it. A number is never used again for something else.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // 0xx: the text is not one well-formed YAML or JSON document (PlanSyntax).
    /// The file cannot be read.
    case unreadableFile = "WSP001"

    // 1xx: the document is not a plan (PlanModel).

    // 2xx: a template or an expression is wrong (Expressions).

    // 3xx: the plan is well formed and cannot work as written (PlanLint, PlanCompiler).
}
