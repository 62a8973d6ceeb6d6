import Diagnostics

/// Cuts the text of an expression into words, by the lexical grammar of CEL.
struct Lexer {
    let bytes: [UInt8]
    var offset = 0
    /// Where each byte of the string or bytes literal that was read last comes from.
    var contentPlaces: [Range<Int>] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All words, the last one `end`.
    mutating func tokens() throws(SyntaxError) -> [Token] {
        var tokens: [Token] = []
        repeat { tokens.append(try next()) } while tokens[tokens.count - 1].kind != .end
        return tokens
    }

    mutating func next() throws(SyntaxError) -> Token {
        skipBlanks()
        let start = offset
        guard let byte = peek() else { return Token(kind: .end, range: start..<start) }
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: ".") where isDigit(peek(1)) && !isBehindOperand: return try number()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try quoted(prefix: 0, isRaw: false, isBytes: false)
        case _ where isNameStart(byte):
            if let prefix = stringPrefix() {
                return try quoted(prefix: prefix.length, isRaw: prefix.isRaw, isBytes: prefix.isBytes)
            }
            while isNamePart(peek()) { offset += 1 }
            return Token(kind: .identifier(text(start..<offset)), range: start..<offset)
        case UInt8(ascii: "`"): return try quotedName()
        default: return try symbol()
        }
    }

    // MARK: - Bytes

    /// Whether a dot here selects, as in `items.0`, instead of starting a number.
    private var isBehindOperand: Bool {
        guard offset > 0 else { return false }
        let byte = bytes[offset - 1]
        return isNamePart(byte) || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]")
    }

    func peek(_ ahead: Int = 0) -> UInt8? { offset + ahead < bytes.count ? bytes[offset + ahead] : nil }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    func isNamePart(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return isNameStart(byte) || isDigit(byte)
    }

    /// White space, and comments from `//` to the end of the line.
    private mutating func skipBlanks() {
        while let byte = peek() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: offset += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let byte = peek(), byte != 0x0A { offset += 1 }
            default: return
            }
        }
    }

    /// `r`, `b` or `br` right before a quote.
    private func stringPrefix() -> (length: Int, isRaw: Bool, isBytes: Bool)? {
        func letter(_ ahead: Int) -> UInt8 { (peek(ahead) ?? 0) | 0x20 }
        func isQuote(_ ahead: Int) -> Bool { peek(ahead) == UInt8(ascii: "\"") || peek(ahead) == UInt8(ascii: "'") }
        switch letter(0) {
        case UInt8(ascii: "r") where isQuote(1): return (1, true, false)
        case UInt8(ascii: "b") where isQuote(1): return (1, false, true)
        case UInt8(ascii: "b") where letter(1) == UInt8(ascii: "r") && isQuote(2): return (2, true, true)
        default: return nil
        }
    }

    /// `` `content-type` ``: letters, digits and `_ . - /` and blanks. Anything else between backticks is a string or a
    /// template of another language.
    private mutating func quotedName() throws(SyntaxError) -> Token {
        let start = offset
        offset += 1
        while let byte = peek(), isNamePart(byte) || ".-/ ".utf8.contains(byte) { offset += 1 }
        guard peek() == UInt8(ascii: "`"), offset > start + 1 else {
            throw SyntaxError(.backtick, at: start..<start + 1, help: Parser.backtickHelp)
        }
        offset += 1
        return Token(kind: .quotedName(text(start + 1..<offset - 1)), range: start..<offset)
    }

    // MARK: - Symbols

    private mutating func symbol() throws(SyntaxError) -> Token {
        let start = offset
        try refuseForeignSymbol()
        for symbol in Token.Symbol.allCases where bytes[start...].starts(with: symbol.rawValue.utf8) {
            offset += symbol.rawValue.utf8.count
            return Token(kind: .symbol(symbol), range: start..<offset)
        }
        let character = character(at: start)
        throw SyntaxError(
            .unexpectedCharacter(character), at: start..<start + character.utf8.count,
            help: Self.foreignCharacters[character])
    }

    /// Symbols of other languages, by what they are called here.
    private func refuseForeignSymbol() throws(SyntaxError) {
        for (symbol, help) in Self.foreignSymbols where bytes[offset...].starts(with: symbol.utf8) {
            let code: DiagnosticCode = symbol == "${" ? .malformedTemplate : .malformedExpression
            let message: Diagnostic.Message = symbol == "${" ? .interpolationInExpression : .foreignSymbol(symbol)
            throw SyntaxError(message, at: offset..<offset + symbol.utf8.count, help: help, code: code)
        }
        if let operation = peek(), "+-*/".utf8.contains(operation), peek(1) == UInt8(ascii: "="),
            peek(2) != UInt8(ascii: "=")
        {
            throw SyntaxError(
                .foreignSymbol(text(offset..<offset + 2)), at: offset..<offset + 2,
                help: "set: {variable: variable \(text(offset..<offset + 1)) 1} changes a variable")
        }
        if peek() == UInt8(ascii: "="), peek(1) != UInt8(ascii: "=") {
            throw SyntaxError(.foreignSymbol("="), at: offset..<offset + 1, help: "use == to compare")
        }
    }

    /// Characters that no symbol begins with.
    private static let foreignCharacters = [
        "$": "names stand without '$'; a field of such a name is x[\"$a\"]",
        "@": "a text stands in quotes; a field of such a name is x[\"@a\"]",
        "#": "a comment begins with //, and a text stands in quotes",
        "^": "there is no power or bitwise operator", "~": "there is no bitwise operator",
        "\\": "escapes stand in strings, which have quotes", "\u{A0}": "this is a no-break space: write a plain one",
        "−": "write a plain '-'", "–": "write a plain '-'", "×": "use *", "÷": "use /", "≤": "use <=", "≥": "use >=",
        "≠": "use !=", "…": "write it out",
    ]

    /// Longer ones first.
    private static let foreignSymbols: [(symbol: String, help: String)] = [
        ("===", "use =="), ("!==", "use !="), ("=>", "a macro names its variable: list.filter(x, x > 1)"),
        ("=~", "use text.matches(regex)"), ("<>", "use !="),
        ("**", "there is no power operator"),
        ("++", "set: {variable: variable + 1} counts up"), ("??", "use has(a.b) ? a.b : other"),
        ("?.", "use has(a.b) ? a.b : other"), ("${", "leave out the ${ and its }"),
    ]

    /// The code point that starts at an offset.
    func character(at offset: Int) -> String {
        String(String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1))
    }
}

extension Diagnostic.Message {
    static var backtick: Self {
        Self("strings stand in ' or \"; a template with ${…} stands outside of expressions")
    }
    fileprivate static func unexpectedCharacter(_ character: String) -> Self {
        switch character {
        case "&": Self("'&' is no operator; use && for \"and\"")
        case "|": Self("'|' is no operator; use || for \"or\"")
        case ";": Self("';' has no place in an expression, which is one value")
        case "‘", "’", "‚", "“", "”", "„", "«", "»":
            Self("strings stand in plain quotes, ' or \", not in '\(character)'")
        default: Self("unexpected character '\(character)'")
        }
    }
    fileprivate static func foreignSymbol(_ symbol: String) -> Self {
        Self("'\(symbol)' is no operator of expressions")
    }
    fileprivate static var interpolationInExpression: Self {
        Self("this is an expression already, it stands here without ${…}")
    }
}
