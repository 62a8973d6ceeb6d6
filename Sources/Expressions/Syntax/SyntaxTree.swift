import Diagnostics

/// The form of an expression: nodes in one array that refer to each other by index, children before parents.
struct SyntaxTree: Sendable {
    typealias Index = Int

    struct Node: Sendable {
        var kind: Kind
        /// UTF-8 offsets into the text.
        var range: Range<Int>
        /// Levels below and including this node.
        var depth: Int
    }

    /// A word of the text with its place.
    struct Name: Sendable {
        var text: String
        var range: Range<Int>
    }

    indirect enum Kind: Sendable {
        case literal(Value)
        /// `isRoot` where a dot stands before it: no variable of a macro is meant.
        case name(String, isRoot: Bool)
        case select(Index, field: Name)
        case index(Index, Index)
        case call(Name, [Index])
        case method(Index, Name, [Index])
        case unary(UnaryOperator, Index)
        case binary(BinaryOperator, Index, Index, symbol: Range<Int>)
        case conditional(Index, Index, Index)
        case list([Index])
        case map([(key: Index, value: Index)])
    }

    private(set) var nodes: [Node] = []
    var root: Index = 0

    init() {}

    init(literal: Value, range: Range<Int>) {
        nodes = [Node(kind: .literal(literal), range: range, depth: 1)]
    }

    subscript(_ index: Index) -> Node { nodes[index] }

    var isLiteralOnly: Bool {
        if case .literal = nodes[root].kind { nodes.count == 1 } else { false }
    }

    mutating func append(_ kind: Kind, at range: Range<Int>) throws(SyntaxError) -> Index {
        let depth = 1 + (kind.children.map { nodes[$0].depth }.max() ?? 0)
        guard depth <= ExpressionLimits.depth else {
            throw SyntaxError(.tooDeep, at: range, help: Parser.sizeHelp, code: .expressionTooLarge)
        }
        nodes.append(Node(kind: kind, range: range, depth: depth))
        return nodes.count - 1
    }

    /// The parentheses around an expression belong to its place in the text.
    mutating func widen(_ index: Index, to range: Range<Int>) { nodes[index].range = range }
}

extension SyntaxTree.Kind {
    var children: [SyntaxTree.Index] {
        switch self {
        case .literal, .name: []
        case .select(let operand, _), .unary(_, let operand): [operand]
        case .index(let left, let right), .binary(_, let left, let right, _): [left, right]
        case .call(_, let arguments): arguments
        case .method(let target, _, let arguments): [target] + arguments
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .list(let elements): elements
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        }
    }
}

enum UnaryOperator: String, Sendable {
    case not = "!"
    case negate = "-"
}

enum BinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case `in`
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"

    /// Stronger operators have higher numbers; all of them group from the left.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .in: 3
        case .add, .subtract: 4
        case .multiply, .divide, .modulo: 5
        }
    }
}

extension Diagnostic.Message {
    static var tooDeep: Self {
        Self("the expression is nested too deeply: \(ExpressionLimits.depth) levels are allowed")
    }
}
