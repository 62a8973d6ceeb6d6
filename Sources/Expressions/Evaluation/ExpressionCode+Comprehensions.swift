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
            let made: Value
            switch (macro, result) {
            case (.filter, _):
                guard try evaluateBool(body, in: &context) else { continue }
                made = element
            case (_, let result?):
                guard try evaluateBool(body, in: &context) else { continue }
                made = try evaluate(result, in: &context)
            default: made = try evaluate(body, in: &context)
            }
            try checkNesting(of: made, at: index, in: &context)
            collected.append(made)
        }
        return collected
    }

    private func bind(
        _ value: Value, _ depth: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) {
        try spend(1, at: index, in: &context)
        context.bind(value, depth)
    }

    /// Takes elements from what one evaluation may make and visit: macros multiply what stands within them. Once it is
    /// spent, every macro fails, also one that passes over the errors of its elements.
    func spend(
        _ elements: Int, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) {
        context.work += elements
        guard context.work <= ExpressionLimits.work else {
            throw error(.limit("more than \(ExpressionLimits.work) elements are made or visited"), at: index)
        }
        try checkBytesMade(at: index, in: context)
    }

    /// Takes what was made from the bytes that one evaluation may make: macros make a value with each element. Spent is
    /// spent here too.
    func spendBytes(
        of value: Value, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) {
        switch value {
        case .string(let text): context.bytesMade += text.utf8.count
        case .bytes(let bytes): context.bytesMade += bytes.count
        default: return
        }
        try checkBytesMade(at: index, in: context)
    }

    private func checkBytesMade(at index: Node.Index, in context: EvaluationContext) throws(EvaluationError) {
        guard context.bytesMade <= ExpressionLimits.totalBytes else {
            throw error(
                .limit("more than \(ExpressionLimits.totalBytes >> 20) MiB of text and bytes are made"), at: index)
        }
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
