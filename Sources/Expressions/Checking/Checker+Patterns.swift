import Diagnostics

/// Regular expressions that stand in the plan.
extension Checker {
    /// `text.matches("pattern")` and `extract(text, "pattern")`, compiled now. What is wrong with a pattern is told where it
    /// stands in it.
    mutating func checkSearch(
        _ function: Function, _ nodes: [Node.Index], pattern: SyntaxTree.Index?, at range: Range<Int>
    ) -> Unit? {
        guard function == .matches || function == .extract, let pattern,
            case .string(let text)? = constantValue(nodes[1])
        else { return nil }
        do throws(PatternError) {
            let compiled = append(pattern: try RegularExpression(text))
            let node: Node =
                function == .matches
                ? .matches(pattern: compiled, target: nodes[0]) : .extract(pattern: compiled, target: nodes[0])
            return folded(node, of: [nodes[0]], types: function.signature.result, at: range)
        } catch {
            report(
                .malformedPattern, .malformedPattern(error.words), at: place(of: error.range, within: pattern),
                help: error.help)
            return .invalid
        }
    }

    /// Where a part of a string stands: in the literal, if it is one, else somewhere in the expression that makes it.
    private func place(of part: Range<Int>, within index: SyntaxTree.Index) -> Range<Int> {
        let whole = tree[index].range
        guard case .literal(.string) = tree[index].kind else { return whole }
        let places = Lexer.contentPlaces(ofStringIn: whole, of: source.text)
        guard part.upperBound <= places.count, !places.isEmpty else { return whole }
        if part.isEmpty { return places[max(0, part.lowerBound - 1)] }
        return places[part.lowerBound].lowerBound..<places[part.upperBound - 1].upperBound
    }
}

extension Diagnostic.Message {
    fileprivate static func malformedPattern(_ words: String) -> Self {
        Self("this is no regular expression: \(words)")
    }
}
