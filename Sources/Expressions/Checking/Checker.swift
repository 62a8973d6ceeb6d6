import Diagnostics
import JSON

/// Turns the tree of an expression into code: resolves names, checks types, computes what is constant.
///
/// A mistake is reported where it stands and the walk goes on, so that the author sees all of them at once; `Unit.invalid`
/// then stands for the value and is never complained about again.
struct Checker {
    let scope: Scope
    let source: LocatedText
    let tree: SyntaxTree
    private let findsFailures: Bool
    var findings: [Diagnostic] = []

    private(set) var nodes: [Node] = []
    private(set) var ranges: [Range<Int>] = []
    private var operands: [Node.Index] = []
    private var constants: [Value] = []
    private(set) var paths: [[JSONPathStep]] = []
    private var patterns: [RegularExpression] = []
    /// Names that the macros around the current place bind, the innermost last.
    var bindings: [Binding] = []

    init(_ expression: ParsedExpression, scope: Scope, findsFailures: Bool) {
        self.scope = scope
        self.findsFailures = findsFailures
        source = expression.source
        tree = expression.tree
    }

    /// A checked part: its node, or nil where it is wrong; and what is known of its value.
    struct Unit {
        var node: Node.Index?
        var type: StaticType

        var types: ValueTypes { type.types }

        static let invalid = Unit(node: nil, type: .any)
    }

    /// What a macro binds.
    struct Binding {
        var name: String
        var type: StaticType
    }

    mutating func check(expecting expected: ValueTypes) -> Expression? {
        let unit = check(tree.root)
        guard let root = unit.node else { return nil }
        if unit.types.isDisjoint(with: expected) {
            let code: DiagnosticCode = expected == .bool ? .conditionNotBool : .typeMismatch
            report(
                code, .expected(expected, found: unit.types), at: tree[tree.root].range,
                help: conversion(of: tree.root, from: unit.types, to: expected))
        }
        let code = resolved(root, type: unit.type)
        return findings.contains { $0.severity == .error } ? nil : Expression(code: code)
    }

    /// The code of the whole; its value, where it reads nothing that varies.
    private mutating func resolved(_ root: Node.Index, type: StaticType) -> ExpressionCode {
        let code = code(root: root, type: type, facts: nodes.reduce(into: []) { $0.formUnion($1.facts) })
        let isValid = !findings.contains { $0.severity == .error }
        guard isValid, code.constant == nil, !nodes.contains(where: { $0.varies }) else { return code }
        var context = EvaluationContext(run: RunFacts())
        do throws(EvaluationError) {
            let value = try code.evaluate(root, in: &context)
            guard value.isWorthKeeping, let node = constant(value, at: ranges[Int(root)]).node else { return code }
            return self.code(root: node, type: StaticType(of: value), facts: [])
        } catch {
            if findsFailures {
                findings.append(Diagnostic(.alwaysFails, .alwaysFails(error), at: error.span, help: error.cause.help))
            }
            return code
        }
    }

    // MARK: - Parts

    mutating func check(_ index: SyntaxTree.Index) -> Unit {
        let node = tree[index]
        switch node.kind {
        case .literal(let value): return constant(value, at: node.range)
        case .name(let name, let isRoot): return checkName(name, isRoot: isRoot, at: node.range)
        case .select(let operand, let field): return checkSelect(operand, field, at: node.range)
        case .index(let operand, let key): return checkIndex(operand, key, at: node.range)
        case .call(let name, let arguments): return checkCall(name, arguments, at: node.range)
        case .method(let target, let name, let arguments):
            return checkMethod(target, name, arguments, at: node.range)
        case .unary(let operation, let operand): return checkUnary(operation, operand, at: node.range)
        case .binary(let operation, let left, let right, let symbol):
            return checkBinary(operation, left, right, symbol: symbol, at: node.range)
        case .conditional(let condition, let then, let otherwise):
            return checkConditional(condition, then, otherwise, at: node.range)
        case .list(let elements):
            let parts = elements.map { check($0) }
            guard let nodes = all(parts) else { return .invalid }
            let first = append(operands: nodes)
            let type = StaticType.list(of: .union(parts.lazy.map(\.type)))
            return folded(.list(first: first, count: Node.Index(nodes.count)), of: nodes, type: type, at: node.range)
        case .map(let entries): return checkMap(entries, at: node.range)
        }
    }

    private mutating func checkMap(
        _ entries: [(key: SyntaxTree.Index, value: SyntaxTree.Index)], at range: Range<Int>
    ) -> Unit {
        var parts: [Unit] = []
        var keys: ValueTypes = []
        var values = StaticType.nothing
        for (key, value) in entries {
            let checkedKey = check(key)
            if checkedKey.types.isDisjoint(with: .key) {
                report(
                    .typeMismatch, .invalidKey(checkedKey.types), at: tree[key].range, help: "put the key in quotes")
            }
            let checkedValue = check(value)
            parts += [checkedKey, checkedValue]
            keys.formUnion(checkedKey.types.intersection(.key))
            values = values.union(checkedValue.type)
        }
        guard let nodes = all(parts) else { return .invalid }
        let first = append(operands: nodes)
        return folded(
            .map(first: first, count: Node.Index(entries.count)), of: nodes, type: .map(keys: keys, values: values),
            at: range)
    }

    private mutating func checkConditional(
        _ condition: SyntaxTree.Index, _ then: SyntaxTree.Index, _ otherwise: SyntaxTree.Index, at range: Range<Int>
    ) -> Unit {
        let test = checkBool(condition, operation: "'?'")
        let parts = [test, check(then), check(otherwise)]
        guard let nodes = all(parts) else { return .invalid }
        if case .bool(let known)? = constantValue(nodes[0]) { return known ? parts[1] : parts[2] }
        return folded(
            .conditional(nodes[0], then: nodes[1], otherwise: nodes[2]), of: nodes,
            type: parts[1].type.union(parts[2].type), at: range)
    }

    /// A part that has to be a bool.
    mutating func checkBool(_ index: SyntaxTree.Index, operation: String) -> Unit {
        let unit = check(index)
        if !unit.types.contains(.bool) {
            report(
                .typeMismatch, .operand(operation, takes: .bool, found: unit.types), at: tree[index].range,
                help: comparison(of: index, unit.types))
        }
        return unit
    }

    // MARK: - Building

    func all(_ parts: [Unit]) -> [Node.Index]? {
        let nodes = parts.compactMap(\.node)
        return nodes.count == parts.count ? nodes : nil
    }

    mutating func emit(_ node: Node, types: ValueTypes, at range: Range<Int>) -> Unit {
        emit(node, type: StaticType(types), at: range)
    }

    mutating func emit(_ node: Node, type: StaticType, at range: Range<Int>) -> Unit {
        nodes.append(node)
        ranges.append(range)
        return Unit(node: Node.Index(nodes.count - 1), type: type)
    }

    mutating func constant(_ value: Value, type: StaticType? = nil, at range: Range<Int>) -> Unit {
        constants.append(value)
        return emit(.constant(Node.Index(constants.count - 1)), type: type ?? StaticType(of: value), at: range)
    }

    mutating func append(constant: Value) -> Node.Index {
        constants.append(constant)
        return Node.Index(constants.count - 1)
    }

    mutating func append(path: [JSONPathStep]) -> Node.Index {
        paths.append(path)
        return Node.Index(paths.count - 1)
    }

    mutating func append(pattern: RegularExpression) -> Node.Index {
        patterns.append(pattern)
        return Node.Index(patterns.count - 1)
    }

    mutating func append(operands nodes: [Node.Index]) -> Node.Index {
        operands += nodes
        return Node.Index(operands.count - nodes.count)
    }

    func constantValue(_ node: Node.Index) -> Value? {
        if case .constant(let index) = nodes[Int(node)] { constants[Int(index)] } else { nil }
    }

    /// Emits a node, or its value where all its parts are constant and it has one. What `dyn` hides stays hidden.
    mutating func folded(_ node: Node, of parts: [Node.Index], types: ValueTypes, at range: Range<Int>) -> Unit {
        folded(node, of: parts, type: StaticType(types), at: range)
    }

    mutating func folded(_ node: Node, of parts: [Node.Index], type: StaticType, at range: Range<Int>) -> Unit {
        let unit = emit(node, type: type, at: range)
        guard let root = unit.node, parts.allSatisfy({ constantValue($0) != nil }) else { return unit }
        var context = EvaluationContext(run: RunFacts())
        guard let value = try? code(root: root, type: type, facts: []).evaluate(root, in: &context),
            value.isWorthKeeping
        else { return unit }
        return constant(value, type: node.makesContainer || type.types == .any ? type : nil, at: range)
    }

    private func code(root: Node.Index, type: StaticType, facts: FactSet) -> ExpressionCode {
        ExpressionCode(
            source: source, nodes: nodes, ranges: ranges, operands: operands, constants: constants, paths: paths,
            patterns: patterns, root: root, type: type, facts: facts)
    }

    // MARK: - Reporting

    mutating func report(
        _ code: DiagnosticCode, _ message: Diagnostic.Message, at range: Range<Int>, help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        findings.append(Diagnostic(code, message, at: source.span(of: range), severity: severity, help: help))
    }
}

extension Node {
    /// What it reads itself; its operands are nodes of their own.
    fileprivate var facts: FactSet {
        switch self {
        case .fact(let fact): fact.set
        case .messagePath, .messagePathEquals, .messageTextTest, .hasMessagePath: .message
        default: []
        }
    }

    fileprivate var makesContainer: Bool {
        switch self {
        case .list, .map: true
        default: false
        }
    }

    /// Whether its value depends on anything but its operands.
    fileprivate var varies: Bool {
        switch self {
        case .session, .local, .environment, .fact: true
        case .call(let function, _, _): !function.signature.isPure
        default: !facts.isEmpty
        }
    }
}

extension Value {
    /// Whether a constant is small enough to be kept for the whole run instead of being made when it is needed.
    fileprivate var isWorthKeeping: Bool {
        switch self {
        case .string(let value): value.utf8.count <= 65_536
        case .bytes(let value): value.count <= 65_536
        case .list(let value): value.count <= 10_000
        case .null, .bool, .int, .uint, .double, .map: true
        }
    }
}

extension EvaluationError.Cause {
    /// What to do about a part that has no value in any run.
    fileprivate var help: String {
        switch self {
        case .indexOutOfRange: "the first element has the index 0"
        case .noSuchKey: "has(a.b) asks whether there is a key"
        default: "it is the same in every run: change it, or leave it out"
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func expected(_ expected: ValueTypes, found: ValueTypes) -> Self {
        let wanted = expected == .bool ? "a condition has to be a bool" : "\(expected) should stand here"
        return Self("\(wanted), this is \(found)")
    }
    fileprivate static func alwaysFails(_ error: EvaluationError) -> Self { Self("this always fails: \(error.reason)") }
    fileprivate static func invalidKey(_ found: ValueTypes) -> Self {
        Self("a map key is a string, an int, a uint or a bool, not \(found)")
    }
    static func operand(_ operation: String, takes expected: ValueTypes, found: ValueTypes) -> Self {
        Self("\(operation) takes \(expected), this is \(found)")
    }
}
