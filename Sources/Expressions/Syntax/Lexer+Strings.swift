import Diagnostics

extension Lexer {
    /// `'…'` or `"…"`, in threes over several lines, after a prefix of that many letters.
    mutating func quoted(prefix: Int, isRaw: Bool, isBytes: Bool) throws(SyntaxError) -> Token {
        let start = offset
        offset += prefix
        let quote = bytes[offset]
        let isTriple = peek(1) == quote && peek(2) == quote
        let quoteLength = isTriple ? 3 : 1
        let opening = start..<offset + quoteLength
        offset += quoteLength
        var content: [UInt8] = []
        contentPlaces = []
        while let byte = peek() {
            let place = offset
            switch byte {
            case quote where !isTriple || (peek(1) == quote && peek(2) == quote):
                offset += quoteLength
                let kind: Token.Kind =
                    isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
                return Token(kind: kind, range: start..<offset)
            case 0x0A where !isTriple, 0x0D where !isTriple:
                throw SyntaxError(.unterminatedString, at: opening, help: "a line break within a string is written \\n")
            case UInt8(ascii: "\\") where !isRaw: try escape(isBytes: isBytes, into: &content)
            default:
                content.append(byte)
                offset += 1
            }
            contentPlaces += repeatElement(place..<offset, count: content.count - contentPlaces.count)
        }
        throw SyntaxError(
            .unterminatedString, at: opening,
            help: isTriple
                ? "it ends with three quotes, as it begins"
                : "close it; a quote within the string is written \\\(Character(Unicode.Scalar(quote)))")
    }

    /// Where each byte of a string comes from, whose literal is the first in a range of an expression's text: one of its own
    /// or an escape.
    static func contentPlaces(ofStringIn range: Range<Int>, of text: String) -> [Range<Int>] {
        var lexer = Lexer(text)
        lexer.offset = range.lowerBound
        while lexer.offset < range.upperBound, let token = try? lexer.next() {
            if case .string = token.kind { return lexer.contentPlaces }
        }
        return []
    }

    private mutating func escape(isBytes: Bool, into content: inout [UInt8]) throws(SyntaxError) {
        let start = offset
        guard let letter = peek(1) else {
            throw SyntaxError(.unterminatedString, at: start..<start + 1, help: "a backslash is written \\\\")
        }
        if let byte = Self.simpleEscapes[letter] {
            content.append(byte)
            offset += 2
            return
        }
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): try codePoint(digits: 2, isBytes: isBytes, into: &content)
        case UInt8(ascii: "u") where !isBytes: try codePoint(digits: 4, isBytes: false, into: &content)
        case UInt8(ascii: "U") where !isBytes: try codePoint(digits: 8, isBytes: false, into: &content)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): try octal(isBytes: isBytes, into: &content)
        default:
            let character = character(at: start + 1)
            let range = start..<start + 1 + character.utf8.count
            if isBytes, letter | 0x20 == UInt8(ascii: "u") { throw SyntaxError(.codePointInBytes, at: range) }
            throw SyntaxError(
                .unknownEscape("\\" + character), at: range,
                help: "a backslash is written \\\\, or the string is raw: r'…'")
        }
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): 0x5C,
        UInt8(ascii: "?"): 0x3F, UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27, UInt8(ascii: "`"): 0x60,
    ]

    /// `\xHH` is a code point in a string and a byte in bytes, as `\uHHHH` and `\UHHHHHHHH` are code points.
    private mutating func codePoint(digits: Int, isBytes: Bool, into content: inout [UInt8]) throws(SyntaxError) {
        let start = offset
        offset += 2
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = peek(), let digit = hexadecimalValue(byte) else {
                throw SyntaxError(
                    .escapeTooShort(digits, text(start..<start + 2)), at: start..<offset,
                    help: "a backslash is written \\\\")
            }
            value = value << 4 | digit
            offset += 1
        }
        if digits == 4, let low = lowSurrogate(after: value) {
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            offset += 6
        }
        try append(value, isBytes: isBytes, at: start..<offset, to: &content)
    }

    /// The second half of `\uD83D\uDE00`, one code point written as in UTF-16.
    private func lowSurrogate(after value: UInt32) -> UInt32? {
        guard 0xD800...0xDBFF ~= value, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else { return nil }
        var low: UInt32 = 0
        for place in 2..<6 {
            guard let digit = peek(place).flatMap(hexadecimalValue) else { return nil }
            low = low << 4 | digit
        }
        return 0xDC00...0xDFFF ~= low ? low : nil
    }

    /// `\ooo`, three octal digits up to 377.
    private mutating func octal(isBytes: Bool, into content: inout [UInt8]) throws(SyntaxError) {
        let start = offset
        offset += 1
        var value: UInt32 = 0
        for _ in 0..<3 {
            guard let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "7") ~= byte else {
                throw SyntaxError(
                    .octalTooShort, at: start..<offset, help: "a backslash is written \\\\")
            }
            value = value << 3 | UInt32(byte - UInt8(ascii: "0"))
            offset += 1
        }
        try append(value, isBytes: isBytes, at: start..<offset, to: &content)
    }

    private func append(
        _ value: UInt32, isBytes: Bool, at range: Range<Int>, to content: inout [UInt8]
    ) throws(SyntaxError) {
        if isBytes {
            content.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = Unicode.Scalar(value) {
            content.append(contentsOf: Array(String(Character(scalar)).utf8))
        } else {
            throw SyntaxError(
                .noCodePoint, at: range, help: "code points end at \\U0010FFFF; \\uD800 to \\uDFFF are halves of a pair"
            )
        }
    }
}

extension Diagnostic.Message {
    static var unterminatedString: Self { Self("the string has no closing quote") }
    fileprivate static func unknownEscape(_ escape: String) -> Self { Self("unknown escape \(escape)") }
    fileprivate static var codePointInBytes: Self { Self("bytes have no \\u escapes; write \\x and two digits a byte") }
    fileprivate static func escapeTooShort(_ digits: Int, _ escape: String) -> Self {
        Self("\(escape) takes \(digits) hexadecimal digits")
    }
    fileprivate static var octalTooShort: Self { Self("an octal escape has three digits, \\000 to \\377") }
    fileprivate static var noCodePoint: Self { Self("this escape is no Unicode code point") }
}
