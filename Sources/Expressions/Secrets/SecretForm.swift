import Digests

/// A text that gives a secret away, and how its bytes may be spelled.
struct SecretForm: Sendable {
    enum Spelling: Sendable {
        /// Each byte as itself or escaped: as in URLs, in JSON, in JSON within JSON, or in a line for people.
        case text
        /// Digits of Base64 in either alphabet. One before and one behind them may hold some bits of the secret.
        case base64(isPreceded: Bool, isFollowed: Bool)
        /// Two hexadecimal digits a byte, perhaps with something between the bytes.
        case hexadecimal
    }

    let bytes: [UInt8]
    let spelling: Spelling
    /// Every byte that a spelling of it may start with.
    let firstBytes: [UInt8]

    private init(bytes: [UInt8], spelling: Spelling) {
        self.bytes = bytes
        self.spelling = spelling
        let first = bytes[0]
        let escapes = [UInt8(ascii: "%"), UInt8(ascii: "\\")]
        firstBytes =
            switch spelling {
            case .text: [first] + escapes + (first == 0x20 ? [UInt8(ascii: "+")] : [])
            case .base64: Self.alternatives(toDigit: first) + escapes
            case .hexadecimal: Self.bothCases(BytesAsText.hexadecimal([first]).utf8.first ?? 0)
            }
    }

    /// Bytes of the shortest secret whose Base64 and hexadecimal digits tell it from other text.
    private static let shortestEncoded = 4

    /// As text; and of more than a few bytes, as hexadecimal digits and as Base64, alone or within the Base64 of a longer
    /// text, where it may begin at each of three places of a group.
    static func all(of secret: String) -> [SecretForm] {
        let bytes = Array(secret.utf8)
        var forms = [SecretForm(bytes: bytes, spelling: .text)]
        guard bytes.count >= shortestEncoded else { return forms }
        forms.append(SecretForm(bytes: bytes, spelling: .hexadecimal))
        for offset in 0..<3 {
            let digits = Array(Base64.encode([UInt8](repeating: 0, count: offset) + bytes).utf8)
            // The digits that hold nothing but bits of the secret.
            let whole = (offset * 8 + 5) / 6..<(offset + bytes.count) * 8 / 6
            forms.append(
                SecretForm(
                    bytes: Array(digits[whole]),
                    spelling: .base64(
                        isPreceded: offset > 0, isFollowed: !((offset + bytes.count) * 8).isMultiple(of: 6))))
        }
        return forms
    }

    /// A hexadecimal digit.
    private static func bothCases(_ digit: UInt8) -> [UInt8] {
        digit >= UInt8(ascii: "a") ? [digit, digit & ~0x20] : [digit]
    }

    /// A digit of Base64 in both alphabets.
    private static func alternatives(toDigit digit: UInt8) -> [UInt8] {
        switch digit {
        case UInt8(ascii: "+"): [digit, UInt8(ascii: "-")]
        case UInt8(ascii: "/"): [digit, UInt8(ascii: "_")]
        default: [digit]
        }
    }

    // MARK: Spellings

    /// A way on through a text: so many bytes of the form are spelled by so many of the text.
    struct Step {
        var spelled: Int
        var length: Int
    }

    /// Appends the ways in which `text` at a place may spell the bytes of the form from an index on.
    func appendSteps(at index: Int, in text: [UInt8], from place: Int, to steps: inout [Step]) {
        let byte = bytes[index]
        switch spelling {
        case .text:
            if text[place] == byte { steps.append(Step(spelled: 1, length: 1)) }
            if byte == 0x20, text[place] == UInt8(ascii: "+") { steps.append(Step(spelled: 1, length: 1)) }
            if text.percentEscape(at: place) == byte { steps.append(Step(spelled: 1, length: 3)) }
            appendEscapes(at: index, in: text, from: place, to: &steps)
        case .base64:
            let digits = Self.alternatives(toDigit: byte)
            if digits.contains(text[place]) { steps.append(Step(spelled: 1, length: 1)) }
            if let escaped = text.percentEscape(at: place), digits.contains(escaped) {
                steps.append(Step(spelled: 1, length: 3))
            }
            if byte == UInt8(ascii: "/") { appendEscapes(at: index, in: text, from: place, to: &steps) }
        case .hexadecimal:
            if text.hexadecimalByte(at: place) == byte { steps.append(Step(spelled: 1, length: 2)) }
            if index > 0, [0x20, UInt8(ascii: ":"), UInt8(ascii: "-")].contains(text[place]),
                text.hexadecimalByte(at: place + 1) == byte
            {
                steps.append(Step(spelled: 1, length: 3))
            }
        }
    }

    /// Escapes with a backslash, of which there are more the deeper a text is quoted.
    private func appendEscapes(at index: Int, in text: [UInt8], from place: Int, to steps: inout [Step]) {
        let backslash = UInt8(ascii: "\\")
        guard text[place] == backslash else { return }
        var end = place
        while end < text.count, end - place < 16, text[end] == backslash {
            end += 1
            let isPower = (end - place) & (end - place - 1) == 0
            if bytes[index] == backslash, end - place > 1, isPower {
                steps.append(Step(spelled: 1, length: end - place))
            }
        }
        guard end < text.count else { return }
        if let scalar = text.escapedScalar(behindBackslashesAt: end) {
            let spelled = Array(String(scalar.value).utf8)
            if bytes[index...].starts(with: spelled) {
                steps.append(Step(spelled: spelled.count, length: scalar.end - place))
            }
        }
    }
}

extension [UInt8] {
    /// The byte that two hexadecimal digits of either case at a place stand for.
    fileprivate func hexadecimalByte(at place: Int) -> UInt8? {
        guard let value = hexadecimalNumber(at: place, digits: 2) else { return nil }
        return UInt8(value)
    }

    /// RFC 3986 §2.1.
    fileprivate func percentEscape(at place: Int) -> UInt8? {
        self[place] == UInt8(ascii: "%") ? hexadecimalByte(at: place + 1) : nil
    }

    /// What an escape stands for, whose backslashes end before a place; and where it ends. Of JSON (RFC 8259 §7), and in
    /// the notation of Swift (`\u{1B}`).
    fileprivate func escapedScalar(behindBackslashesAt place: Int) -> (value: Unicode.Scalar, end: Int)? {
        switch self[place] {
        case UInt8(ascii: "n"): return ("\n", place + 1)
        case UInt8(ascii: "r"): return ("\r", place + 1)
        case UInt8(ascii: "t"): return ("\t", place + 1)
        case UInt8(ascii: "b"): return ("\u{8}", place + 1)
        case UInt8(ascii: "f"): return ("\u{C}", place + 1)
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"):
            return (Unicode.Scalar(self[place]), place + 1)
        case UInt8(ascii: "u"):
            if place + 1 < count, self[place + 1] == UInt8(ascii: "{") { return bracedScalar(at: place + 2) }
            guard let unit = hexadecimalNumber(at: place + 1, digits: 4) else { return nil }
            if let scalar = Unicode.Scalar(unit) { return (scalar, place + 5) }
            return surrogatePair(high: unit, at: place + 5)
        default: return nil
        }
    }

    private func bracedScalar(at place: Int) -> (value: Unicode.Scalar, end: Int)? {
        guard let end = self[Swift.min(place, count)...].prefix(7).firstIndex(of: UInt8(ascii: "}")),
            let value = hexadecimalNumber(at: place, digits: end - place), let scalar = Unicode.Scalar(value)
        else { return nil }
        return (scalar, end + 1)
    }

    private func surrogatePair(high: UInt32, at place: Int) -> (value: Unicode.Scalar, end: Int)? {
        let backslashes = self[Swift.min(place, count)...].prefix { $0 == UInt8(ascii: "\\") }.count
        let letter = place + backslashes
        guard 0xD800..<0xDC00 ~= high, backslashes > 0, letter < count, self[letter] == UInt8(ascii: "u"),
            let low = hexadecimalNumber(at: letter + 1, digits: 4), 0xDC00..<0xE000 ~= low,
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        return (scalar, letter + 5)
    }

    private func hexadecimalNumber(at place: Int, digits: Int) -> UInt32? {
        guard digits > 0, place + digits <= count else { return nil }
        var value: UInt32 = 0
        for byte in self[place..<place + digits] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}
