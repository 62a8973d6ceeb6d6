import Digests

/// How text stands for bytes, in a payload that is written as text and sent as binary.
package enum BinaryEncoding: String, CaseIterable, Sendable {
    /// RFC 4648 §4; the padding may be left out.
    case base64
    /// Two digits a byte.
    case hex

    /// Why text stands for no bytes.
    package enum Problem: Error, Hashable, Sendable {
        /// A character that is no digit. The offset is that of its first byte.
        case stranger(Character, offset: Int, BinaryEncoding)
        /// The last byte has too few digits, or its digits say more than a byte.
        case end(BinaryEncoding)
    }

    /// The bytes that text stands for. Space and line breaks between digits mean nothing.
    package func decode(_ text: [UInt8]) throws(Problem) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        for (offset, byte) in text.enumerated() where !Self.isSpace(byte) {
            guard isDigit(byte, behind: digits) else {
                let character = String(decoding: text[offset...].prefix(4), as: UTF8.self).first ?? "\u{FFFD}"
                throw .stranger(character, offset: offset, self)
            }
            digits.append(byte)
        }
        switch self {
        case .base64:
            guard let bytes = Base64.decode(digits, tolerating: .missingPadding) else { throw .end(self) }
            return bytes
        case .hex:
            guard digits.count.isMultiple(of: 2) else { throw .end(self) }
            return stride(from: 0, to: digits.count, by: 2).map { place in
                Self.hexadecimalValue(digits[place])! << 4 | Self.hexadecimalValue(digits[place + 1])!
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    /// Padding is none but at the end.
    private func isDigit(_ byte: UInt8, behind digits: [UInt8]) -> Bool {
        switch (self, byte) {
        case (.hex, _): Self.hexadecimalValue(byte) != nil
        case (.base64, UInt8(ascii: "=")): true
        case (.base64, UInt8(ascii: "A")...UInt8(ascii: "Z")), (.base64, UInt8(ascii: "a")...UInt8(ascii: "z")),
            (.base64, UInt8(ascii: "0")...UInt8(ascii: "9")), (.base64, UInt8(ascii: "+")),
            (.base64, UInt8(ascii: "/")):
            digits.last != UInt8(ascii: "=")
        case (.base64, _): false
        }
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension BinaryEncoding.Problem {
    /// What is wrong, as a sentence.
    package var inWords: String {
        switch self {
        case .stranger(let character, _, .base64): "'\(character)' is no digit of Base64"
        case .stranger(let character, _, .hex): "'\(character)' is no hexadecimal digit"
        case .end(.base64): "Base64 cannot end like this: four digits are three bytes"
        case .end(.hex): "the last byte has one hexadecimal digit, and needs two"
        }
    }
}
