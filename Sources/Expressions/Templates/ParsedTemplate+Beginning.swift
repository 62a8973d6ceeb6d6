extension ParsedTemplate {
    /// As much of it, from its beginning, as reads nothing but `root`, such as `env`; and whether that is all of it. What reads
    /// no name at all may be another value each time, as `uuid()` is.
    package func beginning(readingOnly root: String) -> (template: ParsedTemplate, isWhole: Bool) {
        let known = segments.prefix { segment in
            guard case .expression(let expression) = segment else { return true }
            return !expression.references.isEmpty && expression.references.allSatisfy { $0.root == root }
        }
        return (ParsedTemplate(source: source, segments: Array(known)), known.count == segments.count)
    }
}
