import Diagnostics
import Expressions
import PlanModel

/// The keys of marks in a scenario: those that are set, and those that are looked for.
struct MarkKeys {
    private(set) var set: [ParsedTemplate] = []
    /// By `measure`, or by the `since` of an `await`.
    private(set) var sought: [ParsedTemplate] = []
    /// Of more than so many, templates are taken to match: comparing each with each takes its time.
    private static let limit = 1_000

    init(_ steps: ScenarioSteps) {
        steps.walk { step in
            switch step.kind {
            case .mark(let key): set.append(key)
            case .measure(let measure): if case .mark(let key) = measure.since { sought.append(key) }
            case .await(let step): if case .mark(let key)? = step.since?.value { sought.append(key) }
            default: break
            }
        }
    }

    /// The keys that are looked for and never set.
    var unknown: [ParsedTemplate] { Self.unmatched(sought, among: set) }

    /// The keys that are set and never looked for.
    var unmeasured: [ParsedTemplate] { Self.unmatched(set, among: sought) }

    /// Those of `keys` that can come to the same text as none of `others`. Empty ones are reported already.
    private static func unmatched(_ keys: [ParsedTemplate], among others: [ParsedTemplate]) -> [ParsedTemplate] {
        let literals = Set(others.compactMap(\.literal).map { Array($0.utf8) })
        let templates = others.filter { $0.literal == nil }
        return keys.filter { key in
            guard key.literal != "" else { return false }
            if let literal = key.literal, literals.contains(Array(literal.utf8)) { return false }
            if templates.count > limit || (key.literal == nil && literals.count > limit) { return false }
            let candidates = key.literal == nil ? others : templates
            return !candidates.contains { canBeEqual($0, key) }
        }
    }

    /// Whether two keys, of which one varies at least, can come to the same text, as far as their ends tell.
    private static func canBeEqual(_ left: ParsedTemplate, _ right: ParsedTemplate) -> Bool {
        let (first, second) = (left.ends, right.ends)
        let prefixes = (Array(first.prefix.utf8), Array(second.prefix.utf8))
        let suffixes = (Array(first.suffix.utf8.reversed()), Array(second.suffix.utf8.reversed()))
        return isStart(prefixes.0, prefixes.1) && isStart(suffixes.0, suffixes.1)
    }

    /// Whether one of two texts is the start of the other.
    private static func isStart(_ left: [UInt8], _ right: [UInt8]) -> Bool { zip(left, right).allSatisfy { $0 == $1 } }
}
