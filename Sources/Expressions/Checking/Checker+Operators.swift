import Diagnostics

extension Checker {
    mutating func checkUnary(_ operation: UnaryOperator, _ operand: SyntaxTree.Index, at range: Range<Int>) -> Unit {
        switch operation {
        case .not:
            guard let node = checkBool(operand, operation: "'!'").node else { return .invalid }
            return folded(.not(node), of: [node], types: .bool, at: range)
        case .negate:
            let unit = check(operand)
            guard let node = unit.node else { return .invalid }
            let types = unit.types.intersection([.int, .double])
            guard !types.isEmpty else {
                report(
                    .typeMismatch, .operand("'-'", takes: [.int, .double], found: unit.types), at: tree[operand].range,
                    help: conversion(of: operand, from: unit.types, to: [.int, .double])
                        ?? "only a number has a negative")
                return .invalid
            }
            return folded(.negate(node), of: [node], types: types, at: range)
        }
    }

    mutating func checkBinary(
        _ operation: BinaryOperator, _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, symbol: Range<Int>,
        at range: Range<Int>
    ) -> Unit {
        switch operation {
        case .and, .or: return checkLogical(operation, left, right, at: range)
        case .equal, .notEqual: return checkEquality(operation, left, right, symbol: symbol, at: range)
        case .in: return checkMembership(left, right, at: range)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return checkRelation(operation, left, right, symbol: symbol, at: range)
        case .add, .subtract, .multiply, .divide, .modulo:
            return checkArithmetic(operation, left, right, symbol: symbol, at: range)
        }
    }

    private mutating func checkLogical(
        _ operation: BinaryOperator, _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, at range: Range<Int>
    ) -> Unit {
        let parts = [left, right].map { checkBool($0, operation: "'\(operation.rawValue)'") }
        guard let nodes = all(parts) else { return .invalid }
        // A decisive constant decides, whatever error the other side may have.
        let decisive = operation == .or
        for node in nodes {
            if case .bool(decisive)? = constantValue(node) { return constant(.bool(decisive), at: range) }
        }
        let node: Node = operation == .or ? .or(nodes[0], nodes[1]) : .and(nodes[0], nodes[1])
        return folded(node, of: nodes, types: .bool, at: range)
    }

    private mutating func checkEquality(
        _ operation: BinaryOperator, _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, symbol: Range<Int>,
        at range: Range<Int>
    ) -> Unit {
        let parts = [check(left, comparedWith: right), check(right, comparedWith: left)]
        guard let nodes = all(parts) else { return .invalid }
        if !Self.canBeEqual(parts[0].types, parts[1].types) {
            report(
                .typeMismatch, .neverEqual(parts[0].types, parts[1].types, differ: operation == .notEqual), at: symbol,
                help: "they are compared without conversion; string(x), int(x) and double(x) convert",
                severity: .warning)
        }
        let equal =
            messageTest(nodes[0], equals: nodes[1], at: range) ?? messageTest(nodes[1], equals: nodes[0], at: range)
            ?? folded(.equal(nodes[0], nodes[1]), of: nodes, types: .bool, at: range)
        guard operation == .notEqual, let node = equal.node else { return equal }
        return folded(.not(node), of: [node], types: .bool, at: range)
    }

    /// Whether values of these types can be equal, as numbers of different types are.
    private static func canBeEqual(_ left: ValueTypes, _ right: ValueTypes) -> Bool {
        !left.isDisjoint(with: right) || !(left.isDisjoint(with: .number) || right.isDisjoint(with: .number))
    }

    private mutating func checkMembership(
        _ element: SyntaxTree.Index, _ container: SyntaxTree.Index, at range: Range<Int>
    ) -> Unit {
        var parts = [check(element), check(container)]
        if parts[1].types.isDisjoint(with: [.list, .map]) {
            report(
                .typeMismatch, .operand("'in'", takes: [.list, .map], found: parts[1].types), at: tree[container].range,
                help: parts[1].types.contains(.string)
                    ? "a part of a text is found with text.contains(part)" : "a list is written [a, b]")
            return .invalid
        }
        if let node = parts[1].node, isHeaders(node) { parts[0] = lowercased(parts[0], at: tree[element].range) }
        guard let nodes = all(parts) else { return .invalid }
        let (sought, held) = (parts[0].types, parts[1].type.walked.types)
        if !Self.canBeEqual(sought, held) {
            report(
                .typeMismatch, .neverIn(sought, held), at: tree[element].range,
                help: "they are compared without conversion; string(x), int(x) and double(x) convert",
                severity: .warning)
        }
        return folded(.in(nodes[0], nodes[1]), of: nodes, types: .bool, at: range)
    }

    private mutating func checkRelation(
        _ operation: BinaryOperator, _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, symbol: Range<Int>,
        at range: Range<Int>
    ) -> Unit {
        let parts = [check(left), check(right)]
        guard let nodes = all(parts), let relation = Relation(rawValue: operation.rawValue) else { return .invalid }
        let common: [ValueTypes] = [.number, .string, .bytes, .bool]
        guard common.contains(where: { type in parts.allSatisfy { !$0.types.isDisjoint(with: type) } }) else {
            report(
                .typeMismatch, .noOrder(operation.rawValue, parts[0].types, parts[1].types), at: symbol,
                help: isRelation(left) && parts[0].types == .bool
                    ? chainProposal(left, operation, right)
                    : parts.contains { $0.types == .string }
                        && !parts.allSatisfy({ $0.types.isDisjoint(with: .number) })
                        ? "a text is made a number by int(x) or double(x)"
                        : "only numbers, strings, bytes and bools have an order, each among themselves")
            return .invalid
        }
        return folded(.relation(relation, nodes[0], nodes[1]), of: nodes, types: .bool, at: range)
    }

    private mutating func checkArithmetic(
        _ operation: BinaryOperator, _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, symbol: Range<Int>,
        at range: Range<Int>
    ) -> Unit {
        let parts = [check(left), check(right)]
        guard let nodes = all(parts), let arithmetic = Arithmetic(rawValue: operation.rawValue) else { return .invalid }
        let types = Self.types(of: arithmetic, parts[0].types, parts[1].types)
        guard !types.isEmpty else {
            let isTextPlusNumber =
                operation == .add && parts.contains { $0.types == .string }
                && parts.contains { !$0.types.isEmpty && $0.types.isSubset(of: .number) }
            report(
                .typeMismatch, .noArithmetic(operation.rawValue, parts[0].types, parts[1].types), at: symbol,
                help: isTextPlusNumber ? templateProposal(left, right, parts) : Self.help(for: arithmetic, parts))
            return .invalid
        }
        var type = StaticType(types)
        if types == .list { type = .list(of: parts[0].type.elements.union(parts[1].type.elements)) }
        return folded(.arithmetic(arithmetic, nodes[0], nodes[1]), of: nodes, type: type, at: range)
    }

    /// The types of a result: of integers their own, of mixed numbers a double; empty where there is none.
    private static func types(of operation: Arithmetic, _ left: ValueTypes, _ right: ValueTypes) -> ValueTypes {
        let both = left.intersection(right)
        if operation == .modulo { return both.intersection([.int, .uint]) }
        var types = both.intersection(operation == .add ? [.int, .uint, .string, .bytes, .list] : [.int, .uint])
        let (leftNumbers, rightNumbers) = (left.intersection(.number), right.intersection(.number))
        let areSameInteger = leftNumbers == rightNumbers && (leftNumbers == .int || leftNumbers == .uint)
        if !leftNumbers.isEmpty, !rightNumbers.isEmpty, !areSameInteger { types.insert(.double) }
        return types
    }

    private static func help(for operation: Arithmetic, _ parts: [Unit]) -> String? {
        if operation == .modulo, parts.allSatisfy({ !$0.types.isDisjoint(with: .number) }) {
            return "% takes two ints, or two uints"
        }
        if operation != .add {
            return parts.contains { $0.types == .string }
                ? "a text is made a number by int(x) or double(x)" : "'\(operation.rawValue)' takes two numbers"
        }
        if parts.contains(where: { $0.types == .list }) { return "'+' joins lists; one element is added as [x]" }
        if parts.contains(where: { $0.types == .bytes }), parts.contains(where: { $0.types == .string }) {
            return "string(x) makes a text of bytes, bytes(x) bytes of a text"
        }
        return "'+' takes two numbers, strings, lists or bytes; string(x) makes a text of a value"
    }

    private func isRelation(_ index: SyntaxTree.Index) -> Bool {
        guard case .binary(let operation, _, _, _) = tree[index].kind else { return false }
        return [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation)
    }

    /// `a < b < c` as two comparisons.
    private func chainProposal(
        _ chain: SyntaxTree.Index, _ operation: BinaryOperator, _ last: SyntaxTree.Index
    ) -> String? {
        guard case .binary(_, _, let middle, _) = tree[chain].kind else { return nil }
        let text = { (index: SyntaxTree.Index) in source.text.utf8Text(tree[index].range) }
        return "compare twice: \(text(chain)) && \(text(middle)) \(operation.rawValue) \(text(last))"
    }

    /// A side of a comparison. The name of a type beside `type(x)` is left alone: that there are no types is said once.
    private mutating func check(_ side: SyntaxTree.Index, comparedWith other: SyntaxTree.Index) -> Unit {
        if case .call(let function, _) = tree[other].kind, function.text == "type",
            case .name(let name, _) = tree[side].kind, Self.typeNames.contains(name), scope.lookup(name) == nil
        {
            return .invalid
        }
        return check(side)
    }

    private static let typeNames: Set = [
        "int", "uint", "double", "string", "bytes", "bool", "list", "map", "null_type", "type",
    ]

    /// `"id-" + vu.id` as the author would have written it in a template, and how it goes in an expression.
    private func templateProposal(
        _ left: SyntaxTree.Index, _ right: SyntaxTree.Index, _ parts: [Unit]
    ) -> String {
        let template = [left, right].map { part in
            switch tree[part].kind {
            case .literal(.string(let text)): return text
            case .literal: return source.text.utf8Text(tree[part].range)
            default: return "${" + source.text.utf8Text(tree[part].range) + "}"
            }
        }
        let sum = zip([left, right], parts).map { part, unit in
            let text = source.text.utf8Text(tree[part].range)
            return unit.types == .string ? text : "string(\(text))"
        }
        return "in a template: \(template.joined()); in an expression: \(sum.joined(separator: " + "))"
    }

    // MARK: - Tests on the message itself

    /// `message.text == "text"` and `message.json.a == "text"`, without making a string of the message.
    private mutating func messageTest(_ target: Node.Index, equals other: Node.Index, at range: Range<Int>) -> Unit? {
        guard case .string(let text)? = constantValue(other) else { return nil }
        switch nodes[Int(target)] {
        case .fact(.messageText):
            let text = append(constant: .bytes(Array(text.utf8)))
            return emit(.messageTextTest(.equals, target: target, text: text), types: .bool, at: range)
        case .messagePath(let path):
            let text = append(constant: .bytes(Array(text.utf8)))
            return emit(.messagePathEquals(path: path, target: target, text: text), types: .bool, at: range)
        default: return nil
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func neverEqual(_ left: ValueTypes, _ right: ValueTypes, differ: Bool) -> Self {
        Self("\(left) never equals \(right): this is always \(differ)")
    }
    fileprivate static func neverIn(_ sought: ValueTypes, _ held: ValueTypes) -> Self {
        Self("\(sought) never equals \(held): this is always false")
    }
    fileprivate static func noOrder(_ operation: String, _ left: ValueTypes, _ right: ValueTypes) -> Self {
        Self("'\(operation)' cannot compare \(left) with \(right)")
    }
    fileprivate static func noArithmetic(_ operation: String, _ left: ValueTypes, _ right: ValueTypes) -> Self {
        Self("'\(operation)' does not take \(left) and \(right)")
    }
}
