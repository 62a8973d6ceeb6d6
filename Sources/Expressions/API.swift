package import Diagnostics
enum Functions { static let namespaces: Set<String> = ["base64", "base64url"] }
final class ExpressionCode: Sendable {
    let source: LocatedText
    let staticType: ValueTypes
    let usesMessage: Bool
    let constant: Value?
    let root = 0
    init(source: LocatedText, staticType: ValueTypes, usesMessage: Bool, constant: Value?) {
        self.source = source
        self.staticType = staticType
        self.usesMessage = usesMessage
        self.constant = constant
    }
    func evaluate(_ index: Int, in context: inout EvaluationContext) throws(EvaluationError) -> Value { constant ?? .null }
    func evaluateBool(_ index: Int, in context: inout EvaluationContext) throws(EvaluationError) -> Bool { false }
}
extension ParsedExpression {
    /// Resolves names, checks types and computes what is constant; reports what is wrong and gives nil, or the expression.
    package func check(
        in scope: Scope, expecting: ValueTypes = .any, into findings: inout [Diagnostic]
    ) -> Expression? {
        nil
    }
}
extension Expression {
    /// The values of the variables, fields and calls in it, in source order; computed anew, for a check that failed.
    package func explain(in context: EvaluationContext) -> [Explained] { [] }
}
extension ParsedTemplate {
    package static func parse(_ text: LocatedText, into findings: inout [Diagnostic]) -> ParsedTemplate? {
        ParsedTemplate(literal: text)
    }
    package func check(in scope: Scope, into findings: inout [Diagnostic]) -> Template? { nil }
}
extension Template {
    /// A template whose output is known.
    package init(constant: [UInt8], source: LocatedText) {
        self.init(source: source, segments: constant.isEmpty ? [] : [.literal(constant)], constant: constant)
    }
    /// Appends what it says to `output`; after an error a part of it may have been appended.
    package func render(into output: inout [UInt8], in context: inout EvaluationContext) throws(EvaluationError) {}
    /// One single `${…}` keeps its type; anything else is a string.
    package func evaluate(in context: inout EvaluationContext) throws(EvaluationError) -> Value { .null }
}
extension TemplateBuilder {
    package mutating func append(_ template: Template, as rendering: Template.Rendering) {}
}
extension Value {
    /// The text form of plan-language.md §4; nil for bytes, which have none.
    package var text: String? { nil }
    /// Appends the value as compact JSON; false for bytes, numbers and keys that JSON does not have.
    package func writeJSON(into output: inout [UInt8]) -> Bool { false }
}
