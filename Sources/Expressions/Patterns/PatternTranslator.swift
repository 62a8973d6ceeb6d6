/// Reads a regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax) and writes it in PCRE2's, where it means
/// the same.
///
/// What only PCRE2 has is refused: look-around, back references, recursion, conditions, verbs, atomic groups and possessive
/// repetitions. A plan then means the same wherever CEL is spoken, and no pattern can change the limits of its own match.
struct PatternTranslator {
    let bytes: [UInt8]
    var offset = 0
    private var output: [UInt8] = []
    /// For each byte of the output where in the pattern it comes from.
    private var origins: [Int] = []
    /// Where the groups that are open begin.
    var openGroups: [Int] = []

    /// A pattern for PCRE2, and where each of its bytes comes from; the last place is the end of the pattern.
    struct Translation {
        var pattern: [UInt8]
        var origins: [Int]
    }

    /// Times that a counted repetition may ask for, as in RE2.
    private static let largestCount = 1000

    init(_ pattern: String) { bytes = Array(pattern.utf8) }

    mutating func translate() throws(PatternError) -> Translation {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\\"): try escape()
            case UInt8(ascii: "["): try characterClass()
            case UInt8(ascii: "("): try openGroup()
            case UInt8(ascii: ")"):
                guard openGroups.popLast() != nil else {
                    throw error(
                        "')' closes nothing", at: offset..<offset + 1, help: #"a parenthesis itself is written \)"#)
                }
                copy(1)
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
                copy(1)
                try endRepetition()
            case UInt8(ascii: "{"): try brace()
            default: copy(1)
            }
        }
        if let open = openGroups.last { throw error("'(' has no closing ')'", at: open..<open + 1) }
        return Translation(pattern: output, origins: origins + [bytes.count])
    }

    // MARK: - Bytes

    func peek(_ ahead: Int = 0) -> UInt8? { offset + ahead < bytes.count ? bytes[offset + ahead] : nil }

    func starts(with text: String) -> Bool { bytes[offset...].starts(with: text.utf8) }

    /// Takes bytes over as they are.
    mutating func copy(_ count: Int) {
        for _ in 0..<count {
            output.append(bytes[offset])
            origins.append(offset)
            offset += 1
        }
    }

    /// Writes `text` for the next `count` bytes.
    mutating func write(_ text: String, for count: Int) {
        output += text.utf8
        origins += repeatElement(offset, count: text.utf8.count)
        offset += count
    }

    /// The code point that starts at an offset.
    func character(at offset: Int) -> String {
        String(String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1))
    }

    func error(_ words: String, at range: Range<Int>, help: String? = nil) -> PatternError {
        PatternError(words: words, range: range, help: help)
    }

    // MARK: - Repetitions

    /// `{2}`, `{2,}`, `{2,5}`; any other brace is a character like any other.
    private mutating func brace() throws(PatternError) {
        guard let count = repetition() else {
            write("\\{", for: 1)
            return
        }
        guard count.numbers.allSatisfy({ $0.utf8.count <= 4 && (Int($0) ?? 0) <= Self.largestCount }) else {
            throw error("more than \(Self.largestCount) repetitions", at: offset..<offset + count.length)
        }
        copy(count.length)
        try endRepetition()
    }

    /// The numbers of the counted repetition that begins here, and its length.
    private func repetition() -> (numbers: [String], length: Int)? {
        var numbers = [""]
        var place = offset + 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                numbers[numbers.count - 1].unicodeScalars.append(Unicode.Scalar(bytes[place]))
            case UInt8(ascii: ",") where numbers.count == 1: numbers.append("")
            case UInt8(ascii: "}"):
                guard !numbers[0].isEmpty else { return nil }
                return (numbers.filter { !$0.isEmpty }, place + 1 - offset)
            default: return nil
            }
            place += 1
        }
        return nil
    }

    /// Behind `*`, `+`, `?` and `{…}`: a `?` that makes them take as little as possible, and nothing else of their kind.
    private mutating func endRepetition() throws(PatternError) {
        let isLazy = peek() == UInt8(ascii: "?")
        if isLazy { copy(1) }
        switch peek() {
        case UInt8(ascii: "+")? where !isLazy:
            throw error(
                "there are no possessive repetitions", at: offset..<offset + 1,
                help: "leave out the '+': the syntax is that of RE2, which never goes back for long")
        case UInt8(ascii: "*")?, UInt8(ascii: "+")?, UInt8(ascii: "?")?:
            throw error("a repetition is repeated", at: offset..<offset + 1, help: "put what is repeated into (?:…)")
        case UInt8(ascii: "{")? where repetition() != nil:
            throw error("a repetition is repeated", at: offset..<offset + 1, help: "put what is repeated into (?:…)")
        default: break
        }
    }
}
