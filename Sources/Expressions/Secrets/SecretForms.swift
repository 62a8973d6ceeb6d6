import Diagnostics
import Digests
import JSON

/// The ways in which a secret may be written.
enum SecretForms {
    /// Bytes of the shortest secret whose Base64 and hexadecimal digits tell it from other text.
    private static let shortestEncoded = 4

    /// As it is; as in JSON, in JSON within JSON, in a line for people and in a URL; and of more than a few bytes, as
    /// Base64 in both alphabets with and without padding, and as hexadecimal digits.
    static func all(of secret: String) -> [[UInt8]] {
        let bytes = Array(secret.utf8)
        let json = jsonEscaped(secret)
        let url = BytesAsText.percentEncoded(bytes)
        var forms = [secret, json, jsonEscaped(json), displayEscaped(secret), displayEscaped(json), url]
        forms.append(lowercasedEscapes(url))
        if bytes.count >= shortestEncoded {
            for alphabet in [Base64.Alphabet.standard, .urlSafe] {
                let base64 = Base64.encode(bytes, alphabet)
                forms += [base64, base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)]
                forms.append(String(base64.prefix { $0 != "=" }))
            }
            let hexadecimal = BytesAsText.hexadecimal(bytes)
            forms += [hexadecimal, hexadecimal.uppercased()]
            forms.append(bytes.map { BytesAsText.hexadecimal([$0]) }.joined(separator: " "))
        }
        return forms.map { Array($0.utf8) }
    }

    private static func jsonEscaped(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    private static func displayEscaped(_ text: String) -> String {
        text.unicodeScalars.map(\.escapedForDisplay).joined()
    }

    /// `%2F` as `%2f`: RFC 3986 §2.1 allows both.
    private static func lowercasedEscapes(_ encoded: String) -> String {
        var digitsLeft = 0
        return String(
            decoding: encoded.utf8.map { byte in
                defer { digitsLeft = byte == UInt8(ascii: "%") ? 2 : max(0, digitsLeft - 1) }
                return digitsLeft > 0 && byte >= UInt8(ascii: "A") ? byte | 0x20 : byte
            }, as: UTF8.self)
    }
}
