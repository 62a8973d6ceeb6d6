import Diagnostics
import PlanModel

/// A block uses itself, directly or through other blocks.
///
/// ## Why it matters
/// The steps of a block stand for its `use`: one that uses itself would never end.
///
/// ## Example
/// ```yaml
/// blocks:
///   talk:
///     - send: hello
///     - use: talk
/// ```
///
/// ## Instead
/// Repeat steps with `repeat`, `while` or `every`.
struct RecursiveBlock: PlanRule {
    static let code = DiagnosticCode.recursiveBlock

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for use in CycleSearch.uses(closingCyclesIn: plan.blocks) {
            findings.append(
                Diagnostic(
                    Self.code, .recursive(use.value), at: use.span,
                    help: "repeat steps with 'repeat', 'while' or 'every'"))
        }
    }
}

/// Follows uses depth first. A use of a block that is being followed closes a cycle.
struct CycleSearch {
    private enum State { case beingFollowed, done }

    private var closing: [Located<String>] = []
    private var states: [String: State] = [:]
    private let uses: [String: [Located<String>]]

    /// The uses that close a cycle.
    static func uses(closingCyclesIn blocks: [Block]) -> [Located<String>] {
        var search = CycleSearch(blocks)
        for block in blocks { search.visit(block.name.value) }
        return search.closing
    }

    private init(_ blocks: [Block]) {
        var uses: [String: [Located<String>]] = [:]
        for block in blocks {
            var found: [Located<String>] = []
            for step in block.steps {
                step.walk { if case .use(let use) = $0.kind { found.append(use.block) } }
            }
            uses[block.name.value] = found
        }
        self.uses = uses
    }

    /// Follows the uses of a block without recursion, since a chain may be as long as the plan has blocks.
    private mutating func visit(_ name: String) {
        guard states[name] == nil else { return }
        states[name] = .beingFollowed
        var path: [(name: String, next: Int)] = [(name, 0)]
        while let current = path.last {
            let targets = uses[current.name] ?? []
            guard current.next < targets.count else {
                states[current.name] = .done
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let target = targets[current.next]
            switch states[target.value] {
            case .beingFollowed: closing.append(target)
            case .done: break
            case nil:
                states[target.value] = .beingFollowed
                path.append((target.value, 0))
            }
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func recursive(_ name: String) -> Self { Self("the block '\(name)' uses itself") }
}
