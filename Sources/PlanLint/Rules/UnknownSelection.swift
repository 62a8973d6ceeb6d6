import Diagnostics
import Expressions
import LoadMetrics
import PlanModel

/// A threshold is on a check, an await or a group that the plan does not have.
///
/// ## Why it matters
/// No sample can have such a tag. The threshold would fail in every run, or hold in every run without having judged
/// anything.
///
/// ## Example
/// ```yaml
/// on_message:
///   - check:
///       is an echo: message.text == "hello"
/// thresholds:
///   checks{check="is echo"}: rate > 99%
/// ```
///
/// ## Instead
/// Write the name as the step has it. The check of an `await` is called `await` and its name, groups within groups are
/// written `outer::inner`.
struct UnknownSelection: PlanRule {
    static let code = DiagnosticCode.unknownSelection

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        guard plan.selectors.contains(where: { !$0.tags.isEmpty }) else { return }
        let names = SampleNames(plan)
        for selector in plan.selectors {
            for tag in selector.tags {
                guard let known = names[tag: tag.name], !known.contains(tag.value.value),
                    !plan.mayDeclare(tag.value.value, in: .samples)
                else { continue }
                let noun = Self.noun(of: tag.name)
                let help =
                    selector.separated(tag)
                    ?? known.help(for: tag.value.value, "its \(noun)s", none: Self.help(for: tag.name))
                findings.append(Diagnostic(Self.code, .unknown(tag.value.value, noun), at: tag.value.span, help: help))
            }
        }
    }

    /// What to do in a plan that gives a tag no value at all.
    private static func help(for tag: String) -> String {
        "it has no '\(noun(of: tag))' step; add one, or leave out the tag '\(tag)'"
    }

    /// The verb of the steps that give a tag its values.
    private static func noun(of tag: String) -> String { tag == "name" ? "await" : tag }
}

/// The names that a plan gives to samples.
private struct SampleNames {
    private var checks: [String] = []
    private var awaits: [String] = []
    /// Nil where there are too many to look at.
    private var groups: [String]?
    /// So many groups are looked at; of a plan with more nothing is said.
    private static let limit = 10_000

    init(_ plan: Plan) {
        for scenario in plan.scenarios { checks += scenario.expect.checkNames }
        plan.walk { step in
            switch step.kind {
            case .check(let conditions): checks += conditions.map(\.name.value)
            case .fail(let reason): checks.append(reason.source.text)
            case .await(let step):
                awaits.append(step.label)
                checks.append(step.checkName)
            default: break
            }
        }
        var paths = GroupPaths(plan.blocks, limit: Self.limit)
        for handler in plan.scenarios.flatMap(\.handlers) { paths.follow(handler.steps, in: nil) }
        groups = paths.isComplete ? paths.found : nil
    }

    /// The values of a tag; nil for one that the steps do not decide about.
    subscript(tag tag: String) -> Candidates? {
        switch tag {
        case "check": Candidates(checks)
        case "name": Candidates(awaits)
        case "group": groups.map(Candidates.init)
        default: nil
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unknown(_ value: String, _ noun: String) -> Self {
        Self("the plan has no \(noun) '\(value)'")
    }
}
