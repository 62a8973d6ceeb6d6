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
        let keys = MarkKeys(plan)
        guard !keys.set.isEmpty, !plan.lacking.contains(.marks) else { return }
        // A misspelt key of a measure may have meant any of them.
        guard MarkKeys.unmatched(keys.sought, among: keys.set).isEmpty else { return }
        for key in MarkKeys.unmatched(keys.set, among: keys.sought) {
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
