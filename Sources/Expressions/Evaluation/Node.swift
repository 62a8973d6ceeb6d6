/// One step of a checked expression. Operands are indices of nodes before it; nothing in a node is counted by
/// reference, so that evaluation only touches the values it needs.
enum Node: Sendable {
    typealias Index = Int32

    /// An index into `ExpressionCode.constants`.
    case constant(Index)
    case session(slot: Index)
    case local(slot: Index)
    /// What the macro on level `depth` (from 0) walks over.
    case binding(depth: Index)
    case environment(slot: Index)
    case fact(Fact)
    /// What stands in the message's JSON at `ExpressionCode.paths[path]`, found without building a tree.
    case messagePath(Index)
    /// `message.json.a == "text"` without making a string; `text` is a constant of UTF-8 bytes, `target` the path's node.
    case messagePathEquals(path: Index, target: Index, text: Index)
    /// `message.text == "text"`, `message.json.a.startsWith("text")` and the like on the message's own bytes. `target` is
    /// the node of `message.text` or that of a path.
    case messageTextTest(TextTest, target: Index, text: Index)
    /// `target.matches("pattern")`; `pattern` is an index into `ExpressionCode.patterns`.
    case matches(pattern: Index, target: Index)
    /// `extract(target, "pattern")`
    case extract(pattern: Index, target: Index)
    /// `operand.key`; the key is a constant.
    case select(Index, key: Index)
    case index(Index, Index)
    /// `has(operand.key)`
    case has(Index, key: Index)
    /// `has(message.json.a.b)`; `parent` is the node of `message.json.a`.
    case hasMessagePath(Index, parent: Index)
    case not(Index)
    case negate(Index)
    case and(Index, Index)
    case or(Index, Index)
    case conditional(Index, then: Index, otherwise: Index)
    case arithmetic(Arithmetic, Index, Index)
    case relation(Relation, Index, Index)
    case equal(Index, Index)
    case `in`(Index, Index)
    /// `count` operands from `first` on in `ExpressionCode.operands`.
    case list(first: Index, count: Index)
    /// `count` pairs of key and value, as a list.
    case map(first: Index, count: Index)
    case call(Function, first: Index, count: Index)
    /// A macro over `target` that binds `depth`; `result` is the second expression of `map(x, condition, result)`.
    case comprehension(Macro, target: Index, body: Index, result: Index?, depth: Index)
}

enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
}

enum Relation: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    func holds(for order: Value.Order) -> Bool {
        switch (self, order) {
        case (.less, .less), (.lessOrEqual, .less), (.lessOrEqual, .equal), (.greater, .greater),
            (.greaterOrEqual, .greater), (.greaterOrEqual, .equal):
            true
        default: false
        }
    }
}

/// What can be asked of a text without having it as a string.
enum TextTest: Sendable {
    case equals
    case startsWith
    case endsWith
    case contains
}
