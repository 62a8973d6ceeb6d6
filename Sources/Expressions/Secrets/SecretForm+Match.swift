/// Finding a form in a text.
extension SecretForm {
    /// Where a text gives the secret away.
    struct Match {
        /// Behind the last byte of it.
        var end: Int
        /// Whether the digit in front of it is a part of it.
        var takesDigitBefore = false
        /// Only the beginning of the form, in front of a cut.
        var isBeginning = false
    }

    /// What follows a text that was cut (`Value.shown`, `String.escaped(limit:)`).
    private static let cutMarks = ["…", " …", "\" …"].map { Array($0.utf8) }
    /// Bytes of a beginning that are worth masking where a text was cut.
    private static let shortestBeginning = 4
    /// Bytes of an escape that a cut may have left.
    private static let longestRest = 10

    /// The longest spelling that starts at a place; nil for none.
    ///
    /// - Parameter isCut: whether the end of `text` may be within a secret.
    func match(in text: [UInt8], at start: Int, isCut: Bool) -> Match? {
        guard firstBytes.contains(text[start]) else { return nil }
        var whole: Int?
        var beginning: Int?
        var open = [(index: 0, place: start)]
        var steps: [Step] = []
        // Where a spelling is ambiguous, two ways may meet again.
        var visited: Set<[Int]> = []
        while let (index, place) = open.popLast() {
            guard index < bytes.count else {
                whole = max(whole ?? 0, place)
                continue
            }
            steps.removeAll(keepingCapacity: true)
            if place < text.count { appendSteps(at: index, in: text, from: place, to: &steps) }
            if steps.isEmpty, index >= Self.shortestBeginning, let end = cut(in: text, behind: place, isCut: isCut) {
                beginning = max(beginning ?? 0, end)
            }
            if steps.count > 1 || !open.isEmpty, !visited.insert([index, place]).inserted { continue }
            for step in steps { open.append((index + step.spelled, place + step.length)) }
        }
        if let whole { return extended(Match(end: whole), in: text) }
        return beginning.map { Match(end: $0, isBeginning: true) }
    }

    /// Where a text was cut, if that is at a place or within an escape that begins there.
    private func cut(in text: [UInt8], behind place: Int, isCut: Bool) -> Int? {
        let isEscape = place < text.count && [UInt8(ascii: "%"), UInt8(ascii: "\\")].contains(text[place])
        for end in place...(isEscape ? min(text.count, place + Self.longestRest) : place) {
            let rest = text[end...]
            if rest.isEmpty ? isCut : Self.cutMarks.contains(where: rest.starts(with:)) { return end }
        }
        return nil
    }

    /// A match of Base64 with the digits around it that hold bits of the secret, and its padding.
    private func extended(_ match: Match, in text: [UInt8]) -> Match {
        guard case .base64(let isPreceded, let isFollowed) = spelling else { return match }
        var match = match
        match.takesDigitBefore = isPreceded
        guard isFollowed else { return match }
        if match.end < text.count, Self.isDigit(text[match.end]) { match.end += 1 }
        while match.end < text.count, text[match.end] == UInt8(ascii: "=") { match.end += 1 }
        return match
    }

    /// A digit of Base64 in either alphabet.
    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
