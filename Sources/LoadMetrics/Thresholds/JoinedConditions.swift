/// Several conditions in one text, as other tools join them: `p(95) < 200ms, max < 1s`, `max > 1 && min < 3`.
struct JoinedConditions {
    /// Without the spaces around them, at least two, all but the first with an operator.
    let parts: [String]
    /// Whether some of them are joined by "or".
    let areAlternatives: Bool

    private static let separators = ["&&", "||", "&", "|", ",", ";", "\n", " and ", " or ", " AND ", " OR "]

    /// Nil for a text that is one condition, or no condition at all.
    init?(_ text: String) {
        // Longer ones are nobody's conditions, and not worth the time.
        guard text.utf8.count <= 1_000 else { return nil }
        var parts = [""]
        var areAlternatives = false
        var rest = Substring(text)
        while let character = rest.first {
            guard let separator = Self.separators.first(where: { rest.hasPrefix($0) }) else {
                parts[parts.count - 1].append(character)
                rest.removeFirst()
                continue
            }
            areAlternatives = areAlternatives || separator.first == "|" || separator.lowercased() == " or "
            rest.removeFirst(separator.count)
            parts.append("")
        }
        let conditions = parts.map(\.trimmingBlanks).filter { !$0.isEmpty }
        guard conditions.count > 1, conditions.dropFirst().allSatisfy(Self.hasOperator) else { return nil }
        self.parts = conditions
        self.areAlternatives = areAlternatives
    }

    /// How they are written instead; nil where one of them is not a condition by itself.
    var asList: String? {
        guard parts.allSatisfy({ Self.hasOperator($0) && $0.first?.isLetter == true }) else { return nil }
        return parts.map { "- \($0)" }.joined(separator: "\n")
    }

    private static func hasOperator(_ text: String) -> Bool { text.contains { "<>=!".contains($0) } }
}

extension String {
    /// Without the spaces at its ends.
    var trimmingBlanks: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
