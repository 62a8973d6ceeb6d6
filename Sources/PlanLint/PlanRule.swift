package import Diagnostics
package import PlanModel

/// Finds one kind of plan that is well formed and cannot work as written.
package protocol PlanRule: Sendable {
    /// What `[WSP…]` the findings carry.
    static var code: DiagnosticCode { get }

    /// Whether the rule finds that something is not in the plan. It cannot say so of a plan whose reader had to leave
    /// something out.
    static var looksForWhatIsMissing: Bool { get }

    init()

    func check(_ plan: Plan, into findings: inout [Diagnostic])
}

extension PlanRule {
    package static var looksForWhatIsMissing: Bool { false }
}
