/// `(…)`, `(?:…)`, `(?P<name>…)`, `(?<name>…)`, `(?i)`, `(?i-s:…)`; PCRE2 has many more.
extension PatternTranslator {
    mutating func openGroup() throws(PatternError) {
        let start = offset
        guard peek(1) == UInt8(ascii: "?") else {
            if peek(1) == UInt8(ascii: "*") {
                throw error(
                    "nothing stands before '*'", at: start + 1..<start + 2, help: #"a star itself is written \*"#)
            }
            openGroups.append(start)
            copy(1)
            return
        }
        for (form, words) in Self.foreignGroups where starts(with: form) {
            throw error("there is no \(words)", at: start..<start + form.utf8.count, help: Self.isRE2)
        }
        if starts(with: "(?P<") || starts(with: "(?<") {
            openGroups.append(start)
            copy(starts(with: "(?P<") ? 4 : 3)
        } else {
            try flags(from: start)
        }
    }

    /// `(?i)` changes how the rest of the group around it matches, `(?i:…)` how its own text does.
    private mutating func flags(from start: Int) throws(PatternError) {
        var length = 2
        while let byte = peek(length), byte != UInt8(ascii: ")"), byte != UInt8(ascii: ":") { length += 1 }
        let text = String(decoding: bytes[(start + 2)..<min(start + length, bytes.count)], as: UTF8.self)
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isGroup = peek(length) == UInt8(ascii: ":")
        guard let end = peek(length).map({ _ in start + length + 1 }), parts.count <= 2,
            text.utf8.allSatisfy({ "imsU-".utf8.contains($0) }), parts.count == 1 || !parts[1].isEmpty,
            isGroup || !text.isEmpty
        else {
            throw error(
                "'(?\(text.prefix(1))' begins no group", at: start..<min(start + 3, bytes.count),
                help: "there are (?:…), (?P<name>…), and the flags i, m, s and U")
        }
        if isGroup { openGroups.append(start) }
        copy(end - start)
    }

    /// How groups of PCRE2 begin that RE2 has not got.
    private static let foreignGroups: [(form: String, words: String)] = [
        ("(?=", "look-ahead"), ("(?!", "look-ahead"), ("(?<=", "look-behind"), ("(?<!", "look-behind"),
        ("(?>", "atomic group"), ("(?|", "group whose branches count alike"), ("(?#", "comment"),
        ("(?R", "recursion"), ("(?&", "recursion"), ("(?P>", "recursion"), ("(?P=", "back reference"),
        ("(?C", "callout"), ("(?(", "condition"), ("(?'", "name in quotes: (?P<name>…)"),
    ]
}
