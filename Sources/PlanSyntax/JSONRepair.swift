import JSON

/// A change of bytes that lets a reader of JSON go on behind a fault, where it is clear what was meant. Nothing moves, so
/// that all places stay what they are.
struct JSONRepair {
    /// Takes the place of the bytes of ``range``.
    private(set) var range: Range<Int>
    private(set) var replacement: [UInt8]
    /// What part of the document is now something else than its author wrote.
    private(set) var unreadable: Range<Int>?
    /// A key that stood without quotes, and now lacks its first and last letter.
    private(set) var bareKey: Range<Int>?

    private init(_ range: Range<Int>, _ replacement: [UInt8], unreadable: Range<Int>? = nil) {
        self.range = range
        self.replacement = replacement
        self.unreadable = unreadable
    }

    /// Nil where what was meant is not clear.
    init?(of fault: JSONError, in bytes: [UInt8]) {
        let offset = fault.offset
        switch fault.reason {
        case .trailingComma, .unexpectedByte(UInt8(ascii: ",")):
            self.init(offset..<offset + 1, [0x20])
        case .comment:
            guard let comment = Self.comment(at: offset, in: bytes) else { return nil }
            self.init(blanking: comment)
        case .trailingContent:
            self.init(blanking: offset..<bytes.count)
        case .expectedColon:
            if bytes[offset] == UInt8(ascii: "=") {
                self.init(offset..<offset + 1, [UInt8(ascii: ":")])
            } else {
                self.init(inserting: UInt8(ascii: ":"), before: offset, in: bytes)
            }
        case .expectedCommaOrEndOfObject where bytes[offset] == UInt8(ascii: "\""),
            .expectedCommaOrEndOfArray where Self.startsValue(bytes[offset]):
            self.init(inserting: UInt8(ascii: ","), before: offset, in: bytes)
        case .singleQuotes:
            self.init(singleQuoted: offset, in: bytes)
        case .expectedKey:
            self.init(bareKey: offset, in: bytes)
        case .malformedLiteral, .leadingZero, .malformedNumber:
            let word = Self.word(around: offset, in: bytes)
            // A sign or a dot alone may be anything.
            guard bytes[word].contains(where: { hexadecimalValue(of: $0) != nil || $0 | 0x20 > UInt8(ascii: "f") })
            else { return nil }
            self.init(word, [UInt8(ascii: "0")] + blanks(word.count - 1), unreadable: word)
        case .malformedEscape, .loneSurrogate, .controlCharacter(0x09):
            self.init(offset..<offset + 1, [UInt8(ascii: "x")], unreadable: offset..<offset + 1)
        default:
            return nil
        }
    }

    private init(blanking range: Range<Int>) { self.init(range, blanks(range.count)) }

    /// Uses one of the blanks before a place.
    private init?(inserting byte: UInt8, before offset: Int, in bytes: [UInt8]) {
        guard offset > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset - 1]) else { return nil }
        self.init(offset - 1..<offset, [byte])
    }

    private init?(singleQuoted start: Int, in bytes: [UInt8]) {
        let quote = UInt8(ascii: "'")
        guard let end = bytes[(start + 1)...].firstIndex(where: { $0 == quote || $0 == 0x0A }), bytes[end] == quote
        else { return nil }
        let text = bytes[start + 1..<end]
        let isPlain = text.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        // An apostrophe that is escaped does not end the text.
        guard bytes[end - 1] != UInt8(ascii: "\\") else { return nil }
        let double = [UInt8(ascii: "\"")]
        let words = isPlain ? Array(text) : [UInt8](repeating: UInt8(ascii: "x"), count: text.count)
        self.init(start..<end + 1, double + words + double, unreadable: isPlain ? nil : start..<end + 1)
    }

    private init?(bareKey start: Int, in bytes: [UInt8]) {
        let key = Self.bareKey(at: start, in: bytes)
        guard key.count >= 2 else { return nil }
        let double = [UInt8(ascii: "\"")]
        self.init(key, double + bytes[key.dropFirst().dropLast()] + double)
        bareKey = key
    }

    // MARK: - What stands at a place

    /// A word with a colon behind it; empty if there is none.
    static func bareKey(at start: Int, in bytes: [UInt8]) -> Range<Int> {
        let end = bytes[start...].firstIndex { !isWordByte($0) && $0 != UInt8(ascii: "$") } ?? bytes.count
        let next = bytes[end...].first { $0 != 0x20 && $0 != 0x09 }
        return start..<(next == UInt8(ascii: ":") ? end : start)
    }

    /// All of a number or word that has a fault somewhere.
    static func word(around offset: Int, in bytes: [UInt8]) -> Range<Int> {
        let isPart = { (byte: UInt8) in isWordByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") }
        let start = bytes[..<offset].lastIndex { !isPart($0) }.map { $0 + 1 } ?? 0
        return start..<(bytes[offset...].firstIndex { !isPart($0) } ?? bytes.count)
    }

    /// From `//` or `# ` to the end of the line, from `/*` to `*/`. What stands where a value should is none.
    static func comment(at start: Int, in bytes: [UInt8]) -> Range<Int>? {
        if bytes[start...].starts(with: "/*".utf8) {
            var end = start + 2
            while end < bytes.count, !bytes[end...].starts(with: "*/".utf8) { end += 1 }
            return end < bytes.count ? start..<end + 2 : nil
        }
        let before = bytes[..<start].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let isHash = bytes[start...].starts(with: "# ".utf8) && before != UInt8(ascii: ":")
        guard isHash || bytes[start...].starts(with: "//".utf8) else { return nil }
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        return start..<(bytes[..<end].last == 0x0D ? end - 1 : end)
    }

    private static func startsValue(_ byte: UInt8) -> Bool { isWordByte(byte) || "\"{[".utf8.contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: isDigit(byte)
        }
    }
}

private func blanks(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x20, count: count) }
