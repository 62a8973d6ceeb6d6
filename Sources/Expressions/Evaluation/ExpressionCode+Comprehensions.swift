/// The macros that walk over the elements of a list or the keys of a map.
extension ExpressionCode {
    /// `all`, `exists`, `exists_one`. As `&&` and `||` do, `all` and `exists` take a decisive element over an error.
    func test(_ index: Node.Index, in context: inout EvaluationContext) throws(EvaluationError) -> Bool {
        guard case .comprehension(let macro, let target, let body, _, let depth) = nodes[Int(index)] else {
            preconditionFailure("node \(index) is no macro")
        }
        let elements = try domain(of: target, in: &context)
        defer { context.unbind(depth) }
        var failure: EvaluationError?
        var matches = 0
        for element in elements {
            try bind(element, depth, at: index, in: &context)
            do {
                let holds = try evaluateBool(body, in: &context)
                if macro == .all, !holds { return false }
                if macro == .exists, holds { return true }
                if holds { matches += 1 }
            } catch {
                if macro == .existsOne { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return macro == .all || (macro == .existsOne && matches == 1)
    }

    /// `filter`, `map`, and `map` with a condition before its result.
    func collect(_ index: Node.Index, in context: inout EvaluationContext) throws(EvaluationError) -> [Value] {
        guard case .comprehension(let macro, let target, let body, let result, let depth) = nodes[Int(index)] else {
            preconditionFailure("node \(index) is no macro")
        }
        let elements = try domain(of: target, in: &context)
        defer { context.unbind(depth) }
        var collected: [Value] = []
        for element in elements {
            try bind(element, depth, at: index, in: &context)
            switch (macro, result) {
            case (.filter, _):
                if try evaluateBool(body, in: &context) { collected.append(element) }
            case (_, let result?):
                if try evaluateBool(body, in: &context) { collected.append(try evaluate(result, in: &context)) }
            default: collected.append(try evaluate(body, in: &context))
            }
        }
        try checkNesting(of: collected, at: index)
        return collected
    }

    /// One more step: macros within macros multiply, so that their number in one evaluation is bounded.
    private func bind(
        _ value: Value, _ depth: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) {
        context.steps += 1
        guard context.steps <= ExpressionLimits.steps else {
            throw error(.limit("macros take more than \(ExpressionLimits.steps) steps"), at: index)
        }
        context.bind(value, depth)
    }

    private func domain(of target: Node.Index, in context: inout EvaluationContext) throws(EvaluationError) -> [Value] {
        let value = try evaluate(target, in: &context)
        switch value {
        case .list(let elements): return elements
        case .map(let map): return map.entries.map(\.key)
        default: throw error(.wrongType(operation: "a macro", value.type), at: target)
        }
    }
}

extension EvaluationContext {
    fileprivate mutating func bind(_ value: Value, _ depth: Node.Index) {
        if bindings.count > Int(depth) { bindings[Int(depth)] = value } else { bindings.append(value) }
    }

    fileprivate mutating func unbind(_ depth: Node.Index) {
        if bindings.count > Int(depth) { bindings.removeSubrange(Int(depth)...) }
    }
}
