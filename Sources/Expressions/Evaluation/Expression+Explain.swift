import Diagnostics

extension Expression {
    /// The variables, facts, fields and calls in it with their values, each once, in source order: what a failed check
    /// shows. They are evaluated anew; what differs from call to call (random numbers, counters) is left out, and
    /// secrets are masked.
    package func explain(in context: EvaluationContext) -> [Explained] {
        var context = context
        context.beginEvaluation()
        var parts: [Node.Index] = []
        code.collectParts(of: code.root, into: &parts)
        var seen: Set<String> = []
        return parts.sorted { code.ranges[Int($0)].lowerBound < code.ranges[Int($1)].lowerBound }.compactMap { part in
            let range = code.ranges[Int(part)]
            let text = source.text.utf8Text(range)
            guard part != code.root, seen.insert(text).inserted else { return nil }
            let value: String
            do throws(EvaluationError) {
                value = try code.evaluate(part, in: &context).shown(masking: context.run.secrets)
            } catch {
                value = "no value: \(error.reason)"
            }
            return Explained(source: text, span: source.span(of: range), value: value)
        }
    }
}

extension ExpressionCode {
    /// The nodes worth showing. Of a chain of selections only the whole; nothing within a macro, which has many values.
    fileprivate func collectParts(of index: Node.Index, into parts: inout [Node.Index]) {
        switch nodes[Int(index)] {
        case .constant, .binding: return
        case .session, .local, .environment, .fact, .messagePath: parts.append(index)
        case .messagePathEquals(_, let target, _), .messageTextTest(_, let target, _): parts.append(target)
        case .matches(_, let target): collectParts(of: target, into: &parts)
        case .extract(_, let target):
            parts.append(index)
            collectParts(of: target, into: &parts)
        case .select: parts.append(index)
        case .index(_, let key):
            parts.append(index)
            collectParts(of: key, into: &parts)
        case .has(let operand, _), .hasMessagePath(_, let operand), .not(let operand), .negate(let operand):
            collectParts(of: operand, into: &parts)
        case .and(let left, let right), .or(let left, let right), .arithmetic(_, let left, let right),
            .relation(_, let left, let right), .equal(let left, let right), .in(let left, let right):
            collectParts(of: left, into: &parts)
            collectParts(of: right, into: &parts)
        case .conditional(let condition, let then, let otherwise):
            for part in [condition, then, otherwise] { collectParts(of: part, into: &parts) }
        case .list(let first, let count): collectParts(of: operands(first, count), into: &parts)
        case .map(let first, let count): collectParts(of: operands(first, 2 * count), into: &parts)
        case .call(let function, let first, let count):
            if function.signature.isPure { parts.append(index) }
            collectParts(of: operands(first, count), into: &parts)
        case .comprehension(_, let target, _, _, _): collectParts(of: target, into: &parts)
        }
    }

    private func collectParts(of indices: ArraySlice<Node.Index>, into parts: inout [Node.Index]) {
        for index in indices { collectParts(of: index, into: &parts) }
    }

    private func operands(_ first: Node.Index, _ count: Node.Index) -> ArraySlice<Node.Index> {
        operands[Int(first)..<Int(first + count)]
    }
}
