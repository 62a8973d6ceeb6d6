import Diagnostics
import PlanSyntax
import Quantities

/// The keys that the language names at one place.
struct KeySpace {
    /// What the keys belong to, as messages call it: `load`.
    var owner: String
    var known: [String]
    /// Keys that do not belong into the mapping but beside it.
    var beside: [String] = []
    /// Keys of the plan that none of its scenarios has.
    var ofPlan: [String] = []
    /// Keys that have to be there.
    var needed: [NeededKey] = []
    /// Words that authors bring along, and the keys that they mean.
    var foreign: [String: String] = [:]
}

/// A key that has to be there, and what it takes: of a key that nobody knows that tells whether it stands in its place.
struct NeededKey {
    enum Value {
        case steps, text, duration, event, address, operand
    }

    var name: String
    var value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Whether a value may have been written for this key.
    func mayTake(_ node: PlanNode) -> Bool {
        if node.isUnreadable || node.isNull { return value != .address }
        return switch value {
        case .steps: node.sequence != nil || Self.looksLikeStep(node)
        case .text, .duration, .event: node.scalar != nil
        case .address: canTake(node)
        case .operand: true
        }
    }

    /// Whether a value makes sense with this key, so that what is wrong in it can be told.
    func canTake(_ node: PlanNode) -> Bool {
        guard !node.isNull else { return false }
        let text = node.scalar?.text.text
        return switch value {
        case .steps: node.sequence?.contains(where: Self.looksLikeStep) ?? false
        case .text: text != nil
        case .duration: text.map { (try? DurationText.nanoseconds(of: $0)) != nil } ?? false
        case .event: text.map { Handler.Event(rawValue: $0) != nil } ?? false
        case .address: text.map { $0.contains("://") || $0.hasPrefix("ws") } ?? false
        case .operand: true
        }
    }

    private static func looksLikeStep(_ node: PlanNode) -> Bool {
        let words = node.mapping.map { $0.map(\.key.text) } ?? [node.scalar?.text.text].compactMap(\.self)
        return words.contains { Verb(rawValue: $0) != nil }
    }
}
