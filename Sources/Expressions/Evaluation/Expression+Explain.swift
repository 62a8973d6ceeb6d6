package import Diagnostics
import JSON

extension Expression {
    /// The parts of it with their values, in source order, each behind the part that it belongs to: what a condition that
    /// does not hold shows. Each is there once.
    ///
    /// They are evaluated anew. What differs from call to call (random numbers, counters, clocks) is left out with all
    /// that depends on it, and so is what the value does not depend on: the other side of an `&&` or `||` that is decided,
    /// the branch that is not taken.
    package func explain(in context: EvaluationContext) -> [Explained] {
        var explanation = Explanation(code, in: context)
        explanation.addParts(of: code.root, depth: 0)
        return explanation.parts
    }
}

extension Template {
    /// The expression in it that stands around a place of the plan.
    package func expression(around span: SourceSpan) -> Expression? {
        segments.lazy.compactMap { segment in
            if case .expression(let expression, _) = segment, expression.source.span.contains(span) {
                expression
            } else {
                nil
            }
        }.first
    }
}

/// An explanation in the making. It recurs at most as deep as the tree, `ExpressionLimits.depth`.
private struct Explanation {
    /// More than anybody reads.
    private static let maximumCount = 32

    private let code: ExpressionCode
    private var context: EvaluationContext
    private(set) var parts: [Explained] = []
    private var seen: Set<String> = []

    init(_ code: ExpressionCode, in context: EvaluationContext) {
        self.code = code
        self.context = context
        // Once for all parts: what takes long is not to take so long for each of them.
        self.context.beginEvaluation()
    }

    /// Adds a part with its value, and its own parts behind it.
    private mutating func add(_ index: Node.Index, depth: Int) {
        switch code.nodes[Int(index)] {
        case .constant, .binding: return
        // Whoever sees the operand knows them.
        case .negate(let operand): return add(operand, depth: depth)
        case .not(let operand) where code.ranges[Int(operand)] != code.ranges[Int(index)]:
            return add(operand, depth: depth)
        default: break
        }
        guard code.isRepeatable(index) else { return addParts(of: index, depth: depth) }
        let range = code.ranges[Int(index)]
        let value: String
        do throws(EvaluationError) {
            value = try code.evaluate(index, in: &context).abridged(masking: context.run.secrets)
        } catch {
            // A limit of the explanation, not of the expression.
            if case .limit = error.cause { return }
            // The reason stands where it arose.
            let isOwn = error.span == code.source.span(of: range)
            value = "no value" + (isOwn ? ": \(context.run.secrets.masked(error.reason))" : "")
        }
        guard list(code.source.text.utf8Text(range), range, value, depth) else { return }
        addParts(of: index, depth: depth + 1)
    }

    /// False for what is there already, and where there are enough.
    private mutating func list(_ text: String, _ range: Range<Int>, _ value: String, _ depth: Int) -> Bool {
        guard parts.count < Self.maximumCount, seen.insert(text).inserted else { return false }
        parts.append(Explained(source: text, span: code.source.span(of: range), value: value, depth: depth))
        return true
    }

    /// Adds the parts of a node that its value depends on.
    mutating func addParts(of index: Node.Index, depth: Int) {
        switch code.nodes[Int(index)] {
        case .constant, .binding, .session, .local, .environment, .fact: return
        case .messagePath(let path): addBeginning(ofPath: code.paths[Int(path)], index, depth: depth)
        case .messagePathEquals(_, let target, _), .messageTextTest(_, let target, _): add(target, depth: depth)
        case .select(let operand, _): addChain(index, operand, depth: depth)
        case .index(let operand, let key):
            add(key, depth: depth)
            addChain(index, operand, depth: depth)
        case .has(let operand, _), .hasMessagePath(_, let operand), .matches(_, let operand), .extract(_, let operand):
            add(operand, depth: depth)
        case .not(let operand):
            // `a != b` is one thing; `!a` is not listed itself.
            if code.ranges[Int(operand)] == code.ranges[Int(index)] {
                addParts(of: operand, depth: depth)
            } else {
                add(operand, depth: depth)
            }
        case .negate(let operand): add(operand, depth: depth)
        case .and: _ = addOperands(of: index, depth: depth)
        case .or: _ = addOperands(of: index, depth: depth)
        case .arithmetic(_, let left, let right), .relation(_, let left, let right), .equal(let left, let right),
            .in(let left, let right):
            add(left, depth: depth)
            add(right, depth: depth)
        case .conditional(let condition, let then, let otherwise):
            add(condition, depth: depth)
            if let isTrue = truth(of: condition) { add(isTrue ? then : otherwise, depth: depth) }
        case .list(let first, let count), .call(_, let first, let count): add(first, count, depth: depth)
        case .map(let first, let count): add(first, 2 * count, depth: depth)
        case .comprehension(_, let target, _, _, _): add(target, depth: depth)
        }
    }

    private mutating func add(_ first: Node.Index, _ count: Node.Index, depth: Int) {
        for operand in code.operands[Int(first)..<Int(first + count)] { add(operand, depth: depth) }
    }

    /// The operands of a chain of one operator, `a && b && c`, up to the one that decides it. True where one did.
    private mutating func addOperands(of index: Node.Index, depth: Int) -> Bool {
        let operands: [Node.Index]
        let decisive: Bool
        switch code.nodes[Int(index)] {
        case .and(let left, let right): (operands, decisive) = ([left, right], false)
        case .or(let left, let right): (operands, decisive) = ([left, right], true)
        default: return false
        }
        for operand in operands {
            switch (code.nodes[Int(operand)], decisive) {
            case (.and, false), (.or, true): if addOperands(of: operand, depth: depth) { return true }
            default:
                add(operand, depth: depth)
                if truth(of: operand) == decisive { return true }
            }
        }
        return false
    }

    /// Whether a condition holds; nil where that cannot be said, or not again.
    private mutating func truth(of index: Node.Index) -> Bool? {
        code.isRepeatable(index) ? try? code.evaluateBool(index, in: &context) : nil
    }

    // MARK: Chains of selections

    /// What is behind a selection: where it has a value that is listed, only what the keys and the beginning are made of.
    private mutating func addChain(_ index: Node.Index, _ operand: Node.Index, depth: Int) {
        guard (try? code.evaluate(index, in: &context)) != nil else { return add(operand, depth: depth) }
        addParts(of: operand, depth: depth)
    }

    /// Where a path into the message leads nowhere: how far it led.
    private mutating func addBeginning(ofPath path: [JSONPathStep], _ index: Node.Index, depth: Int) {
        guard !path.isEmpty, (try? code.evaluate(index, in: &context)) == nil else { return }
        let range = code.ranges[Int(index)]
        let text = code.source.text.utf8Text(range)
        let starts = Self.selections(in: Array(text.utf8))
        // The first of them is that of `message.json` itself.
        guard starts.count == path.count + 1 else { return }
        for count in (0..<path.count).reversed() {
            let beginning = JSONPath(Array(path.prefix(count)))
            defer { beginning.deallocate() }
            guard let value = try? code.messageValue(at: beginning, node: index, in: context) else { continue }
            let part = range.lowerBound..<range.lowerBound + starts[count + 1]
            _ = list(
                code.source.text.utf8Text(part), part, value.abridged(masking: context.run.secrets), depth)
            return
        }
    }

    /// Where the selections of `message.json.a["b"][0]` begin: at each `.` and `[` outside of brackets and quotes, but not
    /// at the dot of `.message`.
    private static func selections(in text: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var depth = 0
        var quote: UInt8?
        var isEscaped = false
        for (offset, byte) in text.enumerated() {
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == open {
                    quote = nil
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quote = byte
            case UInt8(ascii: "["):
                if depth == 0 { starts.append(offset) }
                depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ".") where depth == 0 && offset > 0: starts.append(offset)
            default: break
            }
        }
        return starts
    }
}

extension ExpressionCode {
    /// Whether evaluating a node again gives what it gave, and changes nothing.
    fileprivate func isRepeatable(_ index: Node.Index) -> Bool {
        switch nodes[Int(index)] {
        case .constant, .binding, .session, .local, .environment, .fact, .messagePath, .messagePathEquals,
            .messageTextTest, .hasMessagePath:
            return true
        case .select(let operand, _), .has(let operand, _), .not(let operand), .negate(let operand),
            .matches(_, let operand), .extract(_, let operand):
            return isRepeatable(operand)
        case .index(let left, let right), .and(let left, let right), .or(let left, let right),
            .arithmetic(_, let left, let right), .relation(_, let left, let right), .equal(let left, let right),
            .in(let left, let right):
            return isRepeatable(left) && isRepeatable(right)
        case .conditional(let condition, let then, let otherwise):
            return [condition, then, otherwise].allSatisfy(isRepeatable)
        case .list(let first, let count): return areRepeatable(first, count)
        case .map(let first, let count): return areRepeatable(first, 2 * count)
        case .call(let function, let first, let count):
            return function.signature.isPure && areRepeatable(first, count)
        case .comprehension(_, let target, let body, let result, _):
            return isRepeatable(target) && isRepeatable(body) && (result.map(isRepeatable) ?? true)
        }
    }

    private func areRepeatable(_ first: Node.Index, _ count: Node.Index) -> Bool {
        operands[Int(first)..<Int(first + count)].allSatisfy(isRepeatable)
    }
}
