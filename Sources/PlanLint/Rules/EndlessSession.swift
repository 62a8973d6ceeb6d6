import Diagnostics
import PlanModel

/// Nothing in the plan ends a session.
///
/// ## Why it matters
/// An iteration lasts as long as its session. Without an end the run goes on until somebody interrupts it, unless the
/// peer happens to close.
///
/// ## Example
/// ```yaml
/// url: ws://127.0.0.1:9001/
/// on_open:
///   - send: hello
/// ```
///
/// ## Instead
/// End the session with a step (`close`, `fail`, `stop_run`, or an `await` without `else`, which closes when it times
/// out), after a time (`timeouts.session`), or with the load (`load.duration`).
struct EndlessSession: PlanRule {
    static let code = DiagnosticCode.endlessSession
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for scenario in plan.scenarios where !canEnd(scenario, of: plan) {
            let place = scenario.handlers.min { $0.span.start < $1.span.start }?.span ?? scenario.urlSpan
            let isOneOfSeveral = scenario.ownSpan != nil
            findings.append(
                Diagnostic(
                    Self.code, isOneOfSeveral ? .endless(scenario.name) : .endless,
                    at: isOneOfSeveral ? scenario.span : place,
                    help: """
                        end it with a step, for example
                        - after: 10s
                          do:
                            - close
                        or after a time, with 'timeouts.session', or with the load, with 'load.duration'
                        """))
        }
    }

    private func canEnd(_ scenario: Scenario, of plan: Plan) -> Bool {
        if scenario.timeouts.sessionNanoseconds != nil || scenario.load.endNanoseconds != nil { return true }
        // Where 101 is not expected, a session that opens is closed at once.
        if !scenario.expect.acceptedStatuses.contains(101) { return true }
        // What runs when a session has ended does not end it.
        let lists = scenario.handlers.filter { $0.event != .close && $0.event != .error }.map(\.steps)
        return reachesEnd(lists, blocks: plan.blocks)
    }

    /// Whether steps that can end the session are among these, or in blocks that they use.
    private func reachesEnd(_ lists: [[Step]], blocks: [Block]) -> Bool {
        var unused = Dictionary(blocks.map { ($0.name.value, $0.steps) }) { first, _ in first }
        var open = lists
        while let list = open.popLast() {
            for step in list {
                if step.endsSession { return true }
                if case .use(let use) = step.kind, let steps = unused.removeValue(forKey: use.block.value) {
                    open.append(steps)
                }
                open += step.bodies
            }
        }
        return false
    }
}

extension Step {
    /// Whether the session may be over because of this step.
    fileprivate var endsSession: Bool {
        switch kind {
        case .close, .fail, .stopRun: true
        case .await(let step): step.otherwise == nil
        default: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let endless = Self("nothing in the plan ends a session")

    fileprivate static func endless(_ scenario: String) -> Self {
        Self("nothing in the scenario '\(scenario)' ends a session")
    }
}
