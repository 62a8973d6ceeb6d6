package import Diagnostics
package import PlanModel

/// Judges plans by every rule there is.
package enum PlanLinter {
    /// The rules, in the order of their codes.
    package static let rules: [any PlanRule.Type] = [
        UnknownTimer.self, DuplicateTimerID.self, UnreachableStep.self, EndlessSession.self, UnknownBlock.self,
        RecursiveBlock.self, UnknownSelection.self, UnusedBlock.self, UnusedTLS.self, UnofferedSubprotocol.self,
        UndeclaredMetric.self, UnfitMetric.self, UnknownMark.self, UnmeasuredMark.self,
        UnstartedScenario.self, UnjudgedThreshold.self, HastyAbort.self,
        UnsampledThreshold.self, UnsampledMetric.self,
    ]

    /// What the rules find; the order is for the caller to make.
    ///
    /// - Parameter isComplete: whether the reader read all that the document says. The rules that look for what is
    ///   missing leave other plans alone, so that nothing is reported as the consequence of a mistake that has been.
    package static func check(_ plan: Plan, isComplete: Bool = true) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for rule in rules where isComplete || !rule.looksForWhatIsMissing { rule.init().check(plan, into: &findings) }
        return findings
    }
}
