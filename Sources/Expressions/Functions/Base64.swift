/// Base64 (RFC 4648): the alphabets of sections 4 and 5.
enum Base64 {
    enum Alphabet {
        /// With `+` and `/`, padded with `=`.
        case standard
        /// With `-` and `_`, without padding.
        case urlSafe

        fileprivate var characters: [UInt8] {
            switch self {
            case .standard: Base64.standardCharacters
            case .urlSafe: Base64.urlSafeCharacters
            }
        }
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standardCharacters = Array((letters + "+/").utf8)
    private static let urlSafeCharacters = Array((letters + "-_").utf8)

    static func encode(_ bytes: [UInt8], _ alphabet: Alphabet) -> String {
        let characters = alphabet.characters
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for (place, byte) in group.enumerated() { bits |= UInt32(byte) << (16 - 8 * UInt32(place)) }
            for place in 0...group.count {
                encoded.append(characters[Int(bits >> (18 - 6 * UInt32(place)) & 63)])
            }
            if alphabet == .standard { encoded += repeatElement(UInt8(ascii: "="), count: 3 - group.count) }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Padding may be left out, but not be wrong; nil for anything that is no Base64, bits set beyond the last byte
    /// included.
    static func decode(_ text: [UInt8], _ alphabet: Alphabet) -> [UInt8]? {
        var content = text[...]
        while content.last == UInt8(ascii: "="), text.count - content.count < 2 { content.removeLast() }
        guard content.count % 4 != 1, content.count == text.count || text.count % 4 == 0 else { return nil }
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.characters.enumerated() { values[Int(character)] = UInt8(value) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for character in content {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return bits == 0 ? decoded : nil
    }
}
