import Diagnostics
import Expressions
import PlanModel

/// No `measure`, and no `since` of an `await`, looks for a mark.
///
/// ## Why it matters
/// Nothing comes of it but a count of marks that were never measured. Most often the step that should measure was forgotten,
/// or has another key.
///
/// ## Example
/// ```yaml
/// on_open:
///   - mark: order
///   - send: order
/// on_message:
///   - close
/// ```
///
/// ## Instead
/// Measure from the mark, or leave it out.
struct UnmeasuredMark: PlanRule {
    static let code = DiagnosticCode.unmeasuredMark
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        guard !plan.lacking.contains(.marks) else { return }
        let scenarios = ScenarioSteps.all(of: plan).map(MarkKeys.init).filter { !$0.set.isEmpty }
        // A misspelt key of a measure may have meant any of them.
        guard scenarios.allSatisfy(\.unknown.isEmpty) else { return }
        let unmeasured = scenarios.map(\.unmeasured)
        // A step that several scenarios share sets a mark for the one that measures it.
        let measured = Set(
            zip(scenarios, unmeasured).flatMap { keys, unmeasured in
                Set(keys.set.map(\.source.span)).subtracting(unmeasured.map(\.source.span))
            })
        for key in unmeasured.joined() where !measured.contains(key.source.span) {
            findings.append(
                Diagnostic(
                    Self.code, .unmeasured(key.source.text), at: key.source.span, severity: .warning,
                    help: "measure from it, for example:\n- measure: order_time\n  since: \(key.source.text)"))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unmeasured(_ key: String) -> Self { Self("nothing measures from the mark '\(key)'") }
}
