// HTTP compares in ASCII and knows classes of characters (RFC 9110 §5.6); none of it depends on Unicode.

extension UInt8 {
    /// The lower-case letter of an ASCII upper-case one, else the byte itself.
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    /// The value of a hexadecimal digit.
    var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Space or tab.
    var isHTTPWhitespace: Bool { self == 0x20 || self == 0x09 }

    /// A character of header names and subprotocols (`tchar`, RFC 9110 §5.6.2).
    var isHTTPTokenCharacter: Bool {
        if isASCIILetter || isASCIIDigit { return true }
        return switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// A control character that no part of an HTTP head may hold; a tab is none.
    var isHTTPControl: Bool { self < 0x20 && self != 0x09 || self == 0x7F }
}

/// Whether a text holds a control character that we do not send in an HTTP head; a tab is none. Those beyond ASCII (U+0080 to
/// U+009F) are among them: HTTP lets their bytes pass, and whoever shows them may act on them.
package func holdsHTTPControl(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || (0x7F...0x9F).contains($0.value) }
}

/// Whether two texts are the same but for the case of ASCII letters.
func equalIgnoringASCIICase(_ one: String, _ other: String) -> Bool {
    // Most that are not the same differ in length, which is known.
    guard one.utf8.count == other.utf8.count else { return false }
    return withUTF8(of: one, other) { one, other in
        one.indices.allSatisfy { one[$0].asciiLowercased == other[$0].asciiLowercased }
    }
}

/// Whether two texts are the same byte for byte; `==` would be canonical equivalence.
func haveSameBytes(_ one: String, _ other: String) -> Bool {
    withUTF8(of: one, other) { $0.elementsEqual($1) }
}

/// The bytes of two texts where they are: the iterator of a string's bytes takes 70 instructions for each.
private func withUTF8(
    of one: String, _ other: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
) -> Bool {
    var (one, other) = (one, other)
    return one.withUTF8 { one in other.withUTF8 { other in body(one, other) } }
}

/// The text with ASCII letters in lower case; nothing else changes.
func asciiLowercased(_ text: String) -> String {
    String(decoding: text.utf8.map(\.asciiLowercased), as: UTF8.self)
}

/// Whether `text` is a token: a header name, a subprotocol, a method (RFC 9110 §5.6.2).
package func isHTTPToken(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(\.isHTTPTokenCharacter)
}

/// The text of `bytes` without spaces and tabs at its ends. HTTP gives header values no encoding: they are shown as
/// UTF-8, repaired where they are not.
func trimmedText(_ bytes: ArraySlice<UInt8>) -> String {
    let start = bytes.drop(while: \.isHTTPWhitespace)
    let end = start.lastIndex { !$0.isHTTPWhitespace }.map { $0 + 1 } ?? start.startIndex
    return String(decoding: start[..<end], as: UTF8.self)
}
