import Diagnostics
import PlanModel

/// The steps that the virtual users of one scenario may come to: those of its handlers, and those of the blocks that these use,
/// once for each block. The steps of blocks that nothing uses are judged with those of every scenario.
struct ScenarioSteps {
    let scenario: Scenario
    private let lists: [[Step]]

    /// Those of each scenario of a plan.
    static func all(of plan: Plan) -> [ScenarioSteps] {
        let blocks = Dictionary(plan.blocks.map { ($0.name.value, $0.steps) }) { first, _ in first }
        let used = plan.scenarios.map { Self.blocks(usedBy: $0.handlers.map(\.steps), among: blocks) }
        let unused = Set(blocks.keys).subtracting(used.joined())
        return zip(plan.scenarios, used).map { scenario, used in
            let names = plan.blocks.map(\.name.value).filter { used.contains($0) || unused.contains($0) }
            return ScenarioSteps(
                scenario: scenario, lists: scenario.handlers.map(\.steps) + names.compactMap { blocks[$0] })
        }
    }

    /// Calls `visit` with every step as it is written.
    func walk(_ visit: (Step) -> Void) {
        for list in lists {
            for step in list { step.walk(visit) }
        }
    }

    private static func blocks(usedBy lists: [[Step]], among blocks: [String: [Step]]) -> Set<String> {
        var used: Set<String> = []
        var open = lists
        while let list = open.popLast() {
            for step in list {
                step.walk { step in
                    guard case .use(let use) = step.kind, let steps = blocks[use.block.value],
                        used.insert(use.block.value).inserted
                    else { return }
                    open.append(steps)
                }
            }
        }
        return used
    }
}
