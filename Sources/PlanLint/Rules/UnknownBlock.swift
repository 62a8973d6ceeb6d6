import Diagnostics
import PlanModel

/// `use` names a block that the plan does not have.
///
/// ## Why it matters
/// There is nothing that the step could run.
///
/// ## Example
/// ```yaml
/// blocks:
///   greet:
///     - send: hello
/// on_open:
///   - use: great
///   - close
/// ```
///
/// ## Instead
/// Name one of the `blocks`.
struct UnknownBlock: PlanRule {
    static let code = DiagnosticCode.unknownBlock

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        let blocks = Candidates(plan.blocks.map(\.name.value))
        plan.walk { step in
            guard case .use(let use) = step.kind, !blocks.contains(use.block.value), !use.block.value.isEmpty,
                !plan.mayDeclare(use.block.value, in: .blocks)
            else { return }
            let help = blocks.help(for: use.block.value, "blocks", none: "declare it below 'blocks'")
            findings.append(Diagnostic(Self.code, .unknownBlock(use.block.value), at: use.block.span, help: help))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownBlock(_ name: String) -> Self { Self("there is no block '\(name)'") }
}
