/// Evaluation recurs at most as deep as the tree, `ExpressionLimits.depth`.
extension ExpressionCode {
    func evaluate(_ index: Node.Index, in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        switch nodes[Int(index)] {
        case .constant(let constant): return constants[Int(constant)]
        case .session(let slot): return context.variables[Int(slot)]
        case .local(let slot): return context.locals[Int(slot)]
        case .binding(let depth): return context.bindings[Int(depth)]
        case .environment(let slot): return context.run.environment[Int(slot)]
        case .fact(let fact): return try value(of: fact, at: index, in: context)
        case .messagePath(let path): return try messageValue(at: lookups[Int(path)], node: index, in: context)
        case .select(let operand, let key):
            return try select(constants[Int(key)], from: try evaluate(operand, in: &context), at: index)
        case .index(let operand, let key):
            let container = try evaluate(operand, in: &context)
            return try element(try evaluate(key, in: &context), of: container, at: index)
        case .negate(let operand): return try negate(try evaluate(operand, in: &context), at: index)
        case .conditional(let condition, let then, let otherwise):
            return try evaluate(try evaluateBool(condition, in: &context) ? then : otherwise, in: &context)
        case .arithmetic(let operation, let left, let right):
            let left = try evaluate(left, in: &context)
            return try arithmetic(
                operation, left, try evaluate(right, in: &context), at: index, in: &context)
        case .list(let first, let count):
            return .list(try elements(first: first, count: count, at: index, in: &context))
        case .map(let first, let count): return .map(try map(first: first, count: count, at: index, in: &context))
        case .call(let function, let first, let count):
            return try call(function, first: Int(first), count: Int(count), at: index, in: &context)
        case .extract(let pattern, let target):
            let text = try extract(pattern, from: target, at: index, in: &context)
            try spendBytes(of: .string(text), at: index, in: &context)
            return .string(text)
        case .comprehension(.filter, _, _, _, _), .comprehension(.map, _, _, _, _):
            return .list(try collect(index, in: &context))
        case .messagePathEquals, .messageTextTest, .matches, .has, .hasMessagePath, .not, .and, .or, .relation, .equal,
            .in,
            .comprehension:
            return .bool(try evaluateBool(index, in: &context))
        }
    }

    /// Anything but a bool is an error.
    func evaluateBool(_ index: Node.Index, in context: inout EvaluationContext) throws(EvaluationError) -> Bool {
        switch nodes[Int(index)] {
        case .not(let operand): return try !evaluateBool(operand, in: &context)
        case .and(let left, let right): return try either(false, left, right, in: &context)
        case .or(let left, let right): return try either(true, left, right, in: &context)
        case .equal(let left, let right):
            let left = try evaluate(left, in: &context)
            return left == (try evaluate(right, in: &context))
        case .relation(let relation, let left, let right):
            let left = try evaluate(left, in: &context)
            let right = try evaluate(right, in: &context)
            guard let order = Value.order(left, right) else {
                throw error(.wrongType(operation: "'\(relation.rawValue)'", left.type, right.type), at: index)
            }
            return relation.holds(for: order)
        case .in(let element, let container):
            let element = try evaluate(element, in: &context)
            return try contains(element, in: try evaluate(container, in: &context), at: index)
        case .has(let operand, let key):
            return try has(constants[Int(key)], in: try evaluate(operand, in: &context), at: index)
        case .hasMessagePath(let path, _): return try hasMessageValue(at: lookups[Int(path)], node: index, in: context)
        case .messagePathEquals(let path, _, let text):
            return try messageValue(at: lookups[Int(path)], node: index, equals: texts[text], in: context)
        case .messageTextTest(let test, let target, let text):
            return try messageText(test, texts[text], node: target, at: index, in: context)
        case .matches(let pattern, let target): return try matches(pattern, in: target, at: index, in: &context)
        case .comprehension(let macro, _, _, _, _) where macro != .filter && macro != .map:
            return try test(index, in: &context)
        default:
            let value = try evaluate(index, in: &context)
            guard case .bool(let condition) = value else {
                throw error(.conditionNotBool(value.type), at: index)
            }
            return condition
        }
    }

    /// `||` (`decisive` true) and `&&` (false): a decisive operand decides, whatever error the other one has.
    private func either(
        _ decisive: Bool, _ left: Node.Index, _ right: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> Bool {
        do {
            if try evaluateBool(left, in: &context) == decisive { return decisive }
        } catch {
            if (try? evaluateBool(right, in: &context)) == decisive { return decisive }
            throw error
        }
        return try evaluateBool(right, in: &context)
    }

    private func elements(
        first: Node.Index, count: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> [Value] {
        var elements: [Value] = []
        elements.reserveCapacity(Int(count))
        for operand in operands[Int(first)..<Int(first + count)] {
            elements.append(try evaluate(operand, in: &context))
        }
        for element in elements { try checkNesting(of: element, at: index, in: &context) }
        return elements
    }

    private func map(
        first: Node.Index, count: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> ValueMap {
        var entries: [ValueMap.Entry] = []
        entries.reserveCapacity(Int(count))
        for pair in 0..<Int(count) {
            let keyNode = operands[Int(first) + 2 * pair]
            let key = try evaluate(keyNode, in: &context)
            guard key.isKey else { throw error(.invalidKey(key.type), at: keyNode) }
            entries.append(.init(key: key, value: try evaluate(operands[Int(first) + 2 * pair + 1], in: &context)))
        }
        for entry in entries { try checkNesting(of: entry.value, at: index, in: &context) }
        switch ValueMap.distinct(entries) {
        case .success(let map): return map
        case .failure(let duplicate): throw error(.duplicateKey(duplicate.key), at: index)
        }
    }

    /// A loop of a plan could wrap a list in a list without end, and no stack could take it apart again.
    /// What `element` holds is visited to see it, and its elements count as such.
    func checkNesting(
        of element: Value, within levels: Int = ExpressionLimits.valueDepth - 1, at index: Node.Index,
        in context: inout EvaluationContext
    ) throws(EvaluationError) {
        switch element {
        case .list(let elements):
            try checkLevels(levels, at: index)
            try spend(elements.count, at: index, in: &context)
            for inner in elements { try checkNesting(of: inner, within: levels - 1, at: index, in: &context) }
        case .map(let map):
            try checkLevels(levels, at: index)
            try spend(map.entries.count, at: index, in: &context)
            for entry in map.entries {
                try checkNesting(of: entry.value, within: levels - 1, at: index, in: &context)
            }
        default: return
        }
    }

    private func checkLevels(_ left: Int, at index: Node.Index) throws(EvaluationError) {
        guard left > 0 else {
            throw error(
                .limit("lists and maps are nested deeper than \(ExpressionLimits.valueDepth) levels"), at: index)
        }
    }
}
