import Diagnostics
import JSON

/// What `check` makes of an expression: nodes, operands before their operators, and the pools they refer to.
final class ExpressionCode: Sendable {
    let source: LocatedText
    let nodes: [Node]
    /// The place of each node in the text, as UTF-8 offsets.
    let ranges: [Range<Int>]
    let operands: [Node.Index]
    let constants: [Value]
    let texts: ConstantTexts
    let paths: [[JSONPathStep]]
    /// The same, for looking messages up.
    let lookups: [JSONPath]
    let patterns: [RegularExpression]
    let root: Node.Index
    /// What is known of its value.
    let type: StaticType
    /// The facts that it may read.
    let facts: FactSet

    init(
        source: LocatedText, nodes: [Node], ranges: [Range<Int>], operands: [Node.Index], constants: [Value],
        paths: [[JSONPathStep]], patterns: [RegularExpression], root: Node.Index, type: StaticType, facts: FactSet
    ) {
        self.source = source
        self.nodes = nodes
        self.ranges = ranges
        self.operands = operands
        self.constants = constants
        texts = ConstantTexts(of: constants)
        self.paths = paths
        lookups = paths.map { JSONPath($0) }
        self.patterns = patterns
        self.root = root
        self.type = type
        self.facts = facts
    }

    deinit {
        texts.deallocate()
        for path in lookups { path.deallocate() }
    }

    var constant: Value? {
        if case .constant(let index) = nodes[Int(root)] { constants[Int(index)] } else { nil }
    }

    /// The error of one node.
    func error(_ cause: EvaluationError.Cause, at index: Node.Index) -> EvaluationError {
        EvaluationError(cause, at: source.span(of: ranges[Int(index)]))
    }
}
