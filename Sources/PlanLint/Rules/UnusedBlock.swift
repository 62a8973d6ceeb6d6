import Diagnostics
import PlanModel

/// Nothing uses a block.
///
/// ## Why it matters
/// Its steps never run. Most often the step that should use it was forgotten, or names another one.
///
/// ## Example
/// ```yaml
/// blocks:
///   greet:
///     - send: hello
/// on_open:
///   - close
/// ```
///
/// ## Instead
/// Run the block with `use`, or leave it out; what is kept for other plans can stand below a key that begins with `x-`.
struct UnusedBlock: PlanRule {
    static let code = DiagnosticCode.unusedBlock
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        let blocks = Set(plan.blocks.map(\.name.value))
        var used: Set<String> = []
        plan.walk { if case .use(let use) = $0.kind { used.insert(use.block.value) } }
        // A misspelt use may have meant any of them.
        guard used.isSubset(of: blocks) else { return }
        for block in plan.blocks where !used.contains(block.name.value) && !block.name.value.isEmpty {
            findings.append(
                Diagnostic(
                    Self.code, .unused(block.name.value), at: block.name.span, severity: .warning,
                    help: "run it with '- use: \(block.name.value)', or leave it out"))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unused(_ name: String) -> Self { Self("nothing uses the block '\(name)'") }
}
