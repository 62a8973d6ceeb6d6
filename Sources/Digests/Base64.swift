/// Base64 (RFC 4648).
package enum Base64 {
    package enum Alphabet: Sendable {
        /// With `+` and `/`, padded with `=` (§4).
        case standard
        /// With `-` and `_`, written without padding (§5).
        case urlSafe

        fileprivate var characters: [UInt8] {
            switch self {
            case .standard: Base64.standardCharacters
            case .urlSafe: Base64.urlSafeCharacters
            }
        }
    }

    /// What text may have beyond what an encoder writes.
    package struct Leniency: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// No `=` at the end. All that are needed may stand there nevertheless.
        package static let missingPadding = Leniency(rawValue: 1 << 0)
        /// Bits of the last digit that no byte needs are set.
        package static let unusedBits = Leniency(rawValue: 1 << 1)
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standardCharacters = Array((letters + "+/").utf8)
    private static let urlSafeCharacters = Array((letters + "-_").utf8)

    package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        bytes.withUnsafeBytes { encode($0, alphabet) }
    }

    package static func encode(_ bytes: UnsafeRawBufferPointer, _ alphabet: Alphabet = .standard) -> String {
        let characters = alphabet.characters
        return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var count = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let size = min(3, bytes.count - start)
                var bits = UInt32(bytes[start]) << 16
                if size > 1 { bits |= UInt32(bytes[start + 1]) << 8 }
                if size > 2 { bits |= UInt32(bytes[start + 2]) }
                for place in 0..<4 where place <= size || alphabet == .standard {
                    let digit = Int(bits >> (18 - UInt32(place) * 6) & 0x3F)
                    text[count] = place <= size ? characters[digit] : UInt8(ascii: "=")
                    count += 1
                }
            }
            return count
        }
    }

    /// The bytes that `text` stands for, or `nil` where it is not Base64.
    package static func decode(
        _ text: [UInt8], _ alphabet: Alphabet = .standard, tolerating leniency: Leniency = []
    ) -> [UInt8]? {
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text.dropLast(padding)
        guard text.count.isMultiple(of: 4) || leniency.contains(.missingPadding) && padding == 0, digits.count % 4 != 1
        else { return nil }
        var values = [UInt8](repeating: 64, count: 256)
        for (value, character) in alphabet.characters.enumerated() { values[Int(character)] = UInt8(value) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for character in digits {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
                bits &= (1 << bitCount) - 1
            }
        }
        return bits == 0 || leniency.contains(.unusedBits) ? bytes : nil
    }
}
