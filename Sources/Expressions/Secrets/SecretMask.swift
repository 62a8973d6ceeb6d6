/// Keeps secret values out of what people and programs read: `***` stands in their place.
///
/// Text is best masked before it is quoted, escaped or shortened. For text that was already, the mask also knows the
/// common encodings of each secret, whatever of it they spell in another way, and its beginning where a text was cut within it.
package struct SecretMask: Sendable {
    /// Masks nothing.
    package static let none = SecretMask([])

    static let replacement = Array("***".utf8)
    /// The longest spelling of a byte: two escapes of UTF-16 with several backslashes each.
    private static let longestSpelling = 24

    private let forms: [SecretForm]
    /// For each byte whether a form may start with it.
    private let starts: [Bool]

    /// - Parameter secrets: the values; empty ones are left out.
    package init(_ secrets: [String]) {
        forms = Set(secrets.filter { !$0.isEmpty }).sorted().flatMap { SecretForm.all(of: $0) }
        var starts = [Bool](repeating: false, count: forms.isEmpty ? 0 : 256)
        for byte in forms.flatMap(\.firstBytes) { starts[Int(byte)] = true }
        self.starts = starts
    }

    package var isEmpty: Bool { forms.isEmpty }

    /// Bytes of the longest text that one `***` may stand for.
    var reach: Int { (forms.map(\.bytes.count).max() ?? 0) * Self.longestSpelling }

    /// - Parameter isCut: whether the end of `bytes` may be within a secret.
    package func masked(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        let ranges = ranges(in: bytes, isCut: isCut)
        guard !ranges.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        for range in ranges {
            result += bytes[place..<range.lowerBound]
            result += Self.replacement
            place = range.upperBound
        }
        return result + bytes[place...]
    }

    /// Where secrets stand, in order.
    package func ranges(in bytes: [UInt8], isCut: Bool = false) -> [Range<Int>] {
        guard !forms.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        var place = 0
        while place < bytes.count {
            guard starts[Int(bytes[place])], let match = match(in: bytes, at: place, isCut: isCut) else {
                place += 1
                continue
            }
            let takesDigit =
                match.takesDigitBefore && place > ranges.last?.upperBound ?? 0 && SecretForm.isDigit(bytes[place - 1])
            ranges.append((takesDigit ? place - 1 : place)..<match.end)
            place = match.end
        }
        return ranges
    }

    package func masked(_ text: String) -> String {
        forms.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// The longest spelling of any form at a place; the longest beginning only where none is whole.
    private func match(in bytes: [UInt8], at place: Int, isCut: Bool) -> SecretForm.Match? {
        var best: SecretForm.Match?
        for form in forms {
            guard let match = form.match(in: bytes, at: place, isCut: isCut) else { continue }
            guard let known = best else {
                best = match
                continue
            }
            if (known.isBeginning ? 0 : 1, known.end) < (match.isBeginning ? 0 : 1, match.end) { best = match }
        }
        return best
    }
}
