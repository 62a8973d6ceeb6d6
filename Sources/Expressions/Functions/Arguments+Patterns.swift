/// `matches` and `extract` with a pattern that becomes known only now.
extension Arguments {
    func searched(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        let text = try string(first)
        let pattern = try string(second)
        let expression: RegularExpression
        do throws(PatternError) {
            expression = try PatternCache.shared.expression(pattern)
        } catch {
            throw self.error(
                .invalidArgument("\(Value.string(pattern).shown) is no regular expression: \(error.words)"))
        }
        let match = try code.match(expression, in: text, at: index, in: &context)
        if function == .matches { return .bool(match != nil) }
        return .string(try code.extract(match, of: text, at: index))
    }
}
