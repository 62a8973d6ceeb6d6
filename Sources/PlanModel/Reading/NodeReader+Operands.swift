import Diagnostics
import Expressions
import PlanSyntax

/// Durations, sizes and whole numbers of steps, which may be templates.
extension NodeReader {
    mutating func durationOperand(_ node: PlanNode, _ verb: Verb, orZero: Bool) -> DurationOperand {
        durationOperand(node, of: "'\(verb.rawValue)'", verb.syntax.example, orZero: orZero)
    }

    mutating func durationOperand(
        _ node: PlanNode, of name: String, _ example: String, orZero: Bool
    ) -> DurationOperand {
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, Wanted("a duration", example))
            return .nanoseconds(Located(Self.anyDuration, at: node.span))
        }
        guard scalar.kind == .string, scalar.text.text.contains("${") else {
            let known = duration(scalar, at: node, of: name, example, orZero: orZero)
            return .nanoseconds(known ?? Located(Self.anyDuration, at: node.span))
        }
        return .template(template(node, of: name, example))
    }

    mutating func sizeOperand(_ node: PlanNode, of name: String, _ example: String) -> SizeOperand {
        guard let scalar = node.scalar, scalar.kind == .string, scalar.text.text.contains("${") else {
            return .bytes(size(node, of: name, example, in: 0...Int.max))
        }
        return .template(template(node, of: name, example))
    }

    mutating func integerOperand(
        _ node: PlanNode, of name: String, _ example: String, in range: ClosedRange<Int>
    ) -> IntegerOperand {
        let wanted = Wanted("a whole number", example)
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, wanted)
            return .value(Located(Int64(range.lowerBound), at: node.span))
        }
        if case .int(let value) = scalar.kind {
            return .value(checked(Int(value), of: name, in: range, at: node.span).map(Int64.init))
        }
        guard scalar.kind == .string, scalar.text.text.contains("${") else {
            reportWrongType(node, of: name, wanted)
            return .value(Located(Int64(range.lowerBound), at: node.span))
        }
        return .template(template(node, of: name, example))
    }
}
