import Diagnostics
import PlanModel

/// The groups of a plan, each with those around it, as far as steps lead into them, and the metrics that are sampled there.
struct GroupPaths {
    private(set) var found: [String] = []
    /// By the names of metrics of the plan's own; nil stands for what is in no group.
    private(set) var sampled: [String: Set<String?>] = [:]
    /// False where there were more than could be looked at, or a block is not there.
    private(set) var isComplete = true
    private let blocks: [String: [Step]]
    private var followed: Set<[String]> = []
    /// So many groups are looked at; of a plan with more nothing is said.
    private static let limit = 10_000

    init(of scenario: Scenario, _ blocks: [Block]) {
        self.blocks = Dictionary(blocks.map { ($0.name.value, $0.steps) }) { first, _ in first }
        for handler in scenario.handlers { follow(handler.steps, in: nil) }
    }

    private mutating func follow(_ steps: [Step], in path: String?) {
        var open: [(steps: [Step], path: String?)] = [(steps, path)]
        while let (steps, path) = open.popLast() {
            for step in steps {
                for metric in step.sampledMetrics { sampled[metric.value, default: []].insert(path) }
                switch step.kind {
                case .group(let group):
                    let inner = path.map { $0 + "::" + group.name.value } ?? group.name.value
                    found.append(inner)
                    guard found.count < Self.limit else {
                        isComplete = false
                        return
                    }
                    open.append((group.steps, inner))
                case .use(let use):
                    guard let steps = blocks[use.block.value] else {
                        isComplete = false
                        continue
                    }
                    // A block that is used twice within one group has no more groups than one that is used once.
                    if followed.insert([use.block.value, path ?? ""]).inserted { open.append((steps, path)) }
                default: for body in step.bodies { open.append((body, path)) }
                }
            }
        }
    }
}

extension Step {
    /// The metrics of the plan's own that the step gives samples to.
    var sampledMetrics: [Located<String>] {
        switch kind {
        case .record(let samples): samples.map(\.metric)
        case .measure(let measure): [measure.metric]
        default: []
        }
    }
}

extension Plan {
    /// The names of all metrics that a step gives samples to, wherever it stands.
    var sampledMetrics: Set<String> {
        var names: Set<String> = []
        walk { names.formUnion($0.sampledMetrics.map(\.value)) }
        return names
    }
}
