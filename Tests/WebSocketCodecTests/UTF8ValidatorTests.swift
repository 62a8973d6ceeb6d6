import Testing
import WebSocketCodec

@Suite struct UTF8ValidatorTests {
    /// The offset of the first byte that cannot be part of UTF-8, and whether the text ends with a whole code point.
    struct Judgement: Equatable {
        var invalidByte: Int?
        var isComplete = true
    }

    static func judge(_ pieces: [[UInt8]]) -> Judgement {
        var validator = UTF8Validator()
        var before = 0
        for piece in pieces {
            if let offset = piece.withUnsafeBytes({ validator.firstInvalidByte(in: $0) }) {
                return Judgement(invalidByte: before + offset)
            }
            before += piece.count
        }
        return Judgement(isComplete: validator.isComplete)
    }

    static let valid: [[UInt8]] = [
        [], hex("00"), hex("7f"), hex("c2 80"), hex("df bf"), hex("e0 a0 80"), hex("ed 9f bf"), hex("ee 80 80"),
        hex("ef bf bf"), hex("f0 90 80 80"), hex("f4 8f bf bf"), Array("κόσμε, ασκί και \u{1F680} und Größe".utf8),
    ]

    static let invalid: [([UInt8], Int)] = [
        (hex("80"), 0), (hex("bf"), 0), (hex("fe"), 0), (hex("ff"), 0),
        // Overlong forms.
        (hex("c0 80"), 0), (hex("c1 bf"), 0), (hex("e0 80 80"), 1), (hex("e0 9f bf"), 1), (hex("f0 8f bf bf"), 1),
        // Surrogates.
        (hex("ed a0 80"), 1), (hex("ed bf bf"), 1), (hex("ed a0 80 ed b0 80"), 1),
        // Beyond U+10FFFF.
        (hex("f4 90 80 80"), 1), (hex("f5 80 80 80"), 0), (hex("f8 88 80 80 80"), 0),
        // Sequences that break off.
        (hex("c3 28"), 1), (hex("e2 82 28"), 2), (hex("f0 9f 98 28"), 3), (hex("e2 82 e2 82 ac"), 2),
        // The ranges of a second byte end with it.
        (hex("e0 a0 c0"), 2), (hex("ed 9f 7f"), 2), (hex("f0 90 80 c0"), 3),
    ]

    /// With ASCII before and behind, so that both the fast and the slow way come across it at every alignment.
    @Test(arguments: 0..<18)
    func judgesWhereverTheTextIsCut(_ padding: Int) {
        let ascii = [UInt8](repeating: 0x61, count: padding)
        for text in Self.valid {
            for pieces in cuts(of: ascii + text + ascii) {
                #expect(Self.judge(pieces) == Judgement(), "\(text)")
            }
        }
        for (text, offset) in Self.invalid {
            for pieces in cuts(of: ascii + text + ascii) {
                #expect(Self.judge(pieces) == Judgement(invalidByte: padding + offset), "\(text)")
            }
        }
    }

    /// Bytes at the ends of all ranges of RFC 3629 §4.
    static let limits = hex("00 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff")

    /// One by one, bytes are never judged by the block.
    @Test(arguments: ["a", "é", "€", "\u{1F680}", "Größe über €, \u{1F680}"])
    func judgesBlocksAsItJudgesBytes(_ filler: String) {
        let text = Array(String(repeating: filler, count: 200 / filler.utf8.count).utf8)
        #expect(Self.judge([text]) == Judgement())
        for position in 0..<text.count - 1 {
            // All pairs where one block ends and the next begins.
            let followers = (60..<70).contains(position) ? Self.limits : [text[position + 1]]
            for first in Self.limits {
                for second in followers {
                    var damaged = text
                    damaged[position] = first
                    damaged[position + 1] = second
                    let judgement = Self.judge([damaged])
                    if judgement != Self.judge(damaged.map { [$0] }) {
                        Issue.record("at \(position): \(damaged[position...].prefix(4)) is \(judgement)")
                    }
                }
            }
        }
    }

    @Test func knowsATruncatedText() {
        for text in Self.valid where text.count <= 4 && text.count > 1 {
            for end in 1..<text.count {
                #expect(Self.judge([Array(text[..<end])]) == Judgement(isComplete: false), "\(text)")
            }
        }
    }

    @Test func agreesWithUnicodeAboutEveryScalar() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = UnicodeScalar(value) else { continue }
            let bytes = Array(UTF8.encode(scalar)!)
            var validator = UTF8Validator()
            let offset = bytes.withUnsafeBytes { validator.firstInvalidByte(in: $0) }
            if offset != nil || !validator.isComplete {
                Issue.record("U+\(String(value, radix: 16)) is refused")
            }
        }
    }
}
