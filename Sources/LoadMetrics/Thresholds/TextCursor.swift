import Diagnostics

/// A place in a located text, moved forward over its UTF-8 bytes.
struct TextCursor {
    let source: LocatedText
    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ source: LocatedText) {
        self.source = source
        bytes = Array(source.text.utf8)
    }

    var isAtEnd: Bool { offset == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[offset] }

    mutating func advance() { offset += 1 }

    mutating func skipSpaces() { take { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

    /// Moves over one character, if it is the next one.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        advance()
        return true
    }

    /// Moves over all bytes that fit, and returns where they are.
    @discardableResult
    mutating func take(while fits: (UInt8) -> Bool) -> Range<Int> {
        let start = offset
        while let byte = next, fits(byte) { advance() }
        return start..<offset
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func span(_ range: Range<Int>) -> SourceSpan { source.span(of: range) }

    /// The rest of the text, but for spaces at its end; the place of the end when nothing is left.
    var rest: Range<Int> {
        var end = bytes.count
        while end > offset, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        return offset..<end
    }
}

extension UInt8 {
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }

    /// What the names of metrics and aggregates are made of.
    var isNameByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}
