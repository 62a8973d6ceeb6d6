import Diagnostics
import PlanModel

/// A step stands behind one that ends the session.
///
/// ## Why it matters
/// `close`, `fail` and `stop_run` end the task that they stand in, so that a step behind them never runs.
///
/// ## Example
/// ```yaml
/// on_open:
///   - close
///   - log: closed
/// ```
///
/// ## Instead
/// Put the step before the one that ends the session, or into `on_close`.
struct UnreachableStep: PlanRule {
    static let code = DiagnosticCode.unreachableStep

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        let ends = TaskEnds(plan.blocks)
        for list in plan.stepLists { check(list, ends, into: &findings) }
    }

    private func check(_ list: [Step], _ ends: TaskEnds, into findings: inout [Diagnostic]) {
        if let end = list.dropLast().firstIndex(where: ends.contains) {
            let step = list[end + 1]
            findings.append(
                Diagnostic(
                    Self.code, .unreachable(step.verb.rawValue), at: step.span,
                    help: "put it before the step that ends the task, or into on_close",
                    notes: [Diagnostic.Note("the task ends here", at: list[end].span)]))
        }
        for step in list {
            for body in step.bodies { check(body, ends, into: &findings) }
        }
    }
}

/// The steps behind which nothing in their list can run.
private struct TaskEnds {
    /// The blocks that end the task which uses them.
    private var blocks: Set<String> = []

    init(_ blocks: [Block]) {
        // What a block that uses itself does is not worth a word.
        guard CycleSearch.uses(closingCyclesIn: blocks).isEmpty else { return }
        var users: [String: [String]] = [:]
        for block in blocks {
            for used in Self.alwaysUsed(block.steps) { users[used, default: []].append(block.name.value) }
        }
        var open = blocks.filter { $0.steps.contains(where: contains) }.map(\.name.value)
        while let name = open.popLast() {
            guard self.blocks.insert(name).inserted else { continue }
            open += users[name] ?? []
        }
    }

    /// The blocks that a list uses whatever happens.
    private static func alwaysUsed(_ steps: [Step]) -> [String] {
        steps.flatMap { step -> [String] in
            switch step.kind {
            case .use(let use): return [use.block.value]
            case .group(let group): return alwaysUsed(group.steps)
            default: return []
            }
        }
    }

    func contains(_ step: Step) -> Bool {
        switch step.kind {
        case .close, .fail, .stopRun: true
        case .use(let use): blocks.contains(use.block.value)
        case .group(let group): group.steps.contains(where: contains)
        case .if(let branch): branch.then.contains(where: contains) && branch.otherwise.contains(where: contains)
        case .await(let step):
            step.then?.contains(where: contains) == true && step.otherwise?.contains(where: contains) != false
        case .repeat(let loop):
            loop.runsAtLeastOnce && loop.steps.contains(where: contains)
        default: false
        }
    }
}

extension Repeat {
    /// Whether that is known before the run.
    fileprivate var runsAtLeastOnce: Bool { if case .value(let count) = count { count.value > 0 } else { false } }
}

extension Diagnostic.Message {
    fileprivate static func unreachable(_ verb: String) -> Self { Self("this '\(verb)' is never reached") }
}
