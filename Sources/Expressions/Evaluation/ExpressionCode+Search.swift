/// Searching text with regular expressions.
extension ExpressionCode {
    /// `text.matches(pattern)`: whether the pattern is found anywhere.
    func matches(
        _ pattern: Node.Index, in target: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> Bool {
        // The bytes of a message are searched where they are.
        if case .fact(.messageText) = nodes[Int(target)] {
            var steps = context.searchSteps
            defer { context.searchSteps = steps }
            return try withMessageText(at: target, in: context) { (text) throws(EvaluationError) in
                try match(patterns[Int(pattern)], in: text, isUTF8: false, steps: &steps, at: index) != nil
            }
        }
        let text = try text(of: target, for: .matches, at: index, in: &context)
        return try match(patterns[Int(pattern)], in: text, at: index, in: &context) != nil
    }

    /// `extract(text, pattern)`
    func extract(
        _ pattern: Node.Index, from target: Node.Index, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> String {
        let text = try text(of: target, for: .extract, at: index, in: &context)
        return try extract(
            try match(patterns[Int(pattern)], in: text, at: index, in: &context), of: text, at: index)
    }

    /// The first group of a match, else the whole of it.
    func extract(
        _ match: RegularExpression.Match?, of text: String, at index: Node.Index
    ) throws(EvaluationError) -> String {
        guard let match else { throw error(.noMatch, at: index) }
        return text.utf8Text(match.firstGroup ?? match.whole)
    }

    func match(
        _ expression: RegularExpression, in text: String, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> RegularExpression.Match? {
        var text = text
        var steps = context.searchSteps
        defer { context.searchSteps = steps }
        let result = text.withUTF8 { bytes in
            Result { () throws(EvaluationError) in
                try match(expression, in: UnsafeRawBufferPointer(bytes), isUTF8: true, steps: &steps, at: index)
            }
        }
        return try result.get()
    }

    /// Each byte that is searched brings some steps with it, so that what is linear in the text always ends.
    private func match(
        _ expression: RegularExpression, in text: UnsafeRawBufferPointer, isUTF8: Bool, steps: inout Int,
        at index: Node.Index
    ) throws(EvaluationError) -> RegularExpression.Match? {
        steps += text.count * ExpressionLimits.searchStepsPerByte
        do throws(RegularExpression.Failure) {
            return try expression.firstMatch(in: text, isUTF8: isUTF8, steps: &steps)
        } catch {
            switch error {
            case .tooManySteps: throw limit("takes too many steps on this text", at: index)
            case .tooMuchMemory: throw limit("takes too much memory on this text", at: index)
            case .notUTF8:
                throw self.error(.unreadable("message.text", why: "the bytes are not valid UTF-8"), at: index)
            }
        }
    }

    private func limit(_ words: String, at index: Node.Index) -> EvaluationError {
        error(.limit("the regular expression \(words)"), at: index)
    }

    private func text(
        of target: Node.Index, for function: Function, at index: Node.Index, in context: inout EvaluationContext
    ) throws(EvaluationError) -> String {
        let value = try evaluate(target, in: &context)
        guard case .string(let text) = value else {
            throw error(.wrongType(operation: function.rawValue, value.type), at: index)
        }
        return text
    }
}
