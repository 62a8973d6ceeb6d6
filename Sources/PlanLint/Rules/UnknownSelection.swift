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
        let scenarios = ScenarioSteps.all(of: plan).map { ($0.scenario.name, SampleNames($0, plan.blocks)) }
        for selector in plan.selectors {
            let wanted = selector.tags.first { $0.name == "scenario" }?.value.value
            // What could not be read may stand in any scenario.
            let isWanted = { (name: String) in
                wanted == nil || !plan.isWhollyRead || name.hasSameBytes(as: wanted ?? "")
            }
            let selected = scenarios.filter { isWanted($0.0) }.map(\.1)
            // Of a scenario that is unknown, that is said.
            guard !selected.isEmpty else { continue }
            for tag in selector.tags {
                guard let known = SampleNames.candidates(of: tag.name, in: selected), !known.contains(tag.value.value),
                    !plan.mayDeclare(tag.value.value, in: .samples)
                else { continue }
                let noun = Self.noun(of: tag.name)
                let help =
                    selector.separated(tag)
                    ?? known.help(for: tag.value.value, "its \(noun)s", none: Self.help(for: tag.name))
                findings.append(
                    Diagnostic(Self.code, .unknown(tag.value.value, noun, in: wanted), at: tag.value.span, help: help))
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

/// The names that a scenario gives to samples.
private struct SampleNames {
    private var checks: [String] = []
    private var awaits: [String] = []
    /// Nil where there are too many to look at.
    private var groups: [String]?

    init(_ steps: ScenarioSteps, _ blocks: [Block]) {
        checks = steps.scenario.expect.checkNames
        steps.walk { step in
            switch step.kind {
            case .check(let conditions): checks += conditions.map(\.name.value)
            case .fail(let reason): checks.append(reason.source.text)
            case .await(let step):
                awaits.append(step.label)
                checks.append(step.checkName)
            default: break
            }
        }
        let paths = GroupPaths(of: steps.scenario, blocks)
        groups = paths.isComplete ? paths.found : nil
    }

    /// The values of a tag in any of several scenarios; nil for one that the steps do not decide about.
    static func candidates(of tag: String, in scenarios: [SampleNames]) -> Candidates? {
        switch tag {
        case "check": return Candidates(scenarios.flatMap(\.checks))
        case "name": return Candidates(scenarios.flatMap(\.awaits))
        case "group":
            let groups = scenarios.compactMap(\.groups)
            return groups.count == scenarios.count ? Candidates(Array(groups.joined())) : nil
        default: return nil
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unknown(_ value: String, _ noun: String, in scenario: String?) -> Self {
        Self("\(scenario.map { "the scenario '\($0)'" } ?? "the plan") has no \(noun) '\(value)'")
    }
}
