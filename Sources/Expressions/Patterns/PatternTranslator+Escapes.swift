/// Escapes and classes of characters.
extension PatternTranslator {
    /// `\d`, `\.`, `\x{1F600}`, `\Q…\E` outside of classes.
    mutating func escape() throws(PatternError) {
        switch peek(1) {
        case UInt8(ascii: "s"): write("[\\t\\n\\f\\r ]", for: 2)
        case UInt8(ascii: "S"): write("[^\\t\\n\\f\\r ]", for: 2)
        case UInt8(ascii: "A"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "z"): copy(2)
        case UInt8(ascii: "Q"): quotation()
        default: try single()
        }
    }

    /// `[a-z]`, `[^\d.]`, `[[:alpha:]_]`
    mutating func characterClass() throws(PatternError) {
        let opening = offset
        copy(peek(1) == UInt8(ascii: "^") ? 2 : 1)
        if peek() == UInt8(ascii: "]") { copy(1) }
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "]"):
                copy(1)
                return
            case UInt8(ascii: "["): try namedClass()
            case UInt8(ascii: "\\"): try escapeInClass()
            default: copy(1)
            }
        }
        throw error("'[' has no closing ']'", at: opening..<opening + 1, help: #"a bracket itself is written \["#)
    }

    /// `[:alpha:]` and `[:^alpha:]` within a class; any other bracket is a character there.
    private mutating func namedClass() throws(PatternError) {
        guard peek(1) == UInt8(ascii: ":"), let end = bytes[(offset + 2)...].firstIndex(of: UInt8(ascii: ":")),
            end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "]")
        else {
            write("\\[", for: 1)
            return
        }
        let name = String(decoding: bytes[(offset + 2)..<end], as: UTF8.self)
        guard Self.classNames.contains(name.hasPrefix("^") ? String(name.dropFirst()) : name) else {
            throw error(
                "there is no class '\(name)'", at: offset..<end + 2,
                help: "there are " + Self.classNames.joined(separator: ", "))
        }
        copy(end + 2 - offset)
    }

    private static let classNames = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
        "word", "xdigit",
    ]

    private mutating func escapeInClass() throws(PatternError) {
        switch peek(1) {
        // White space of RE2 is without \v, which PCRE2 counts in.
        case UInt8(ascii: "s"): write("\\t\\n\\f\\r\\x20", for: 2)
        case UInt8(ascii: "S"): write("\\S\\x0b", for: 2)
        default: try single()
        }
    }

    /// What stands for one character, in a class and outside of one, and the classes that may stand in one.
    private mutating func single() throws(PatternError) {
        let start = offset
        guard let letter = peek(1) else {
            throw error("a '\\' stands at the end", at: start..<start + 1, help: #"a backslash itself is written \\"#)
        }
        switch letter {
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "a"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            copy(2)
        case UInt8(ascii: "v"): write("\\x0b", for: 2)
        case UInt8(ascii: "p"), UInt8(ascii: "P"): try property()
        case UInt8(ascii: "x"): try hexadecimal()
        case UInt8(ascii: "0")...UInt8(ascii: "7") where letter == UInt8(ascii: "0") || isOctal(peek(2)): octal()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "g"), UInt8(ascii: "k"):
            throw error("there are no back references", at: start..<start + 2, help: Self.isRE2)
        case 0..<0x80 where !isLetter(letter): copy(2)
        default:
            let character = character(at: start + 1)
            throw error(
                "there is no escape \\\(character)", at: start..<start + 1 + character.utf8.count,
                help: Self.foreignEscapes[character] ?? Self.isRE2)
        }
    }

    static let isRE2 = "the syntax is that of RE2: github.com/google/re2/wiki/Syntax"

    /// Escapes of other dialects, by what to write here.
    private static let foreignEscapes = [
        "Z": #"the end of the text is \z, or $"#, "h": #"write [\t ]"#, "H": #"write [^\t ]"#, "R": #"write \r?\n"#,
        "N": "write [^\\n]", "u": #"a code point is written \x{20AC}"#, "U": #"a code point is written \x{20AC}"#,
        "e": #"write \x1b"#, "C": "there are no single bytes in text", "G": #"the start of the text is \A, or ^"#,
    ]

    /// `\pL`, `\p{Greek}`, `\P{^Greek}`; the names are PCRE2's matter.
    private mutating func property() throws(PatternError) {
        let start = offset
        guard let next = peek(2) else {
            throw error("\\p has no name", at: start..<start + 2, help: #"for example \pL or \p{Greek}"#)
        }
        guard next == UInt8(ascii: "{") else {
            copy(3)
            return
        }
        guard let end = bytes[(offset + 3)...].firstIndex(of: UInt8(ascii: "}")) else {
            throw error("'{' has no closing '}'", at: start..<start + 3)
        }
        copy(end + 1 - offset)
    }

    /// `\x7F`, `\x{1F600}`
    private mutating func hexadecimal() throws(PatternError) {
        let isBraced = peek(2) == UInt8(ascii: "{")
        let digits = bytes[min(bytes.count, offset + (isBraced ? 3 : 2))...].prefix(isBraced ? 9 : 2).prefix(
            while: isHexadecimal)
        let end = digits.endIndex + (isBraced ? 1 : 0)
        let isWhole = isBraced ? end <= bytes.count && bytes[end - 1] == UInt8(ascii: "}") : digits.count == 2
        let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        guard isWhole, let value, Unicode.Scalar(value) != nil else {
            throw error(
                "this is no code point", at: offset..<min(end, bytes.count), help: #"for example \x7F or \x{1F600}"#)
        }
        write("\\x{\(String(value, radix: 16))}", for: end - offset)
    }

    /// `\0`, `\12`, `\101`: up to three digits.
    private mutating func octal() {
        let digits = bytes[(offset + 1)...].prefix(3).prefix { isOctal($0) }
        let value = digits.reduce(UInt32(0)) { $0 << 3 | UInt32($1 - UInt8(ascii: "0")) }
        write("\\x{\(String(value, radix: 16))}", for: digits.count + 1)
    }

    /// `\Q` and the text up to `\E` or the end, as it is.
    private mutating func quotation() {
        write("", for: 2)
        while let byte = peek(), !starts(with: "\\E") {
            if byte < 0x80, !isLetter(byte), !isDigit(byte) {
                write("\\\(Unicode.Scalar(byte))", for: 1)
            } else {
                copy(1)
            }
        }
        write("", for: min(2, bytes.count - offset))
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private func isOctal(_ byte: UInt8?) -> Bool { byte.map { UInt8(ascii: "0")...UInt8(ascii: "7") ~= $0 } ?? false }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }
}
