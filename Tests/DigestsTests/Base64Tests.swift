import Digests
import Testing

@Suite struct Base64Tests {
    // RFC 4648 §10, and a key of RFC 6455 §1.3.
    static let samples: [(String, String)] = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("the sample nonce", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    @Test(arguments: samples)
    func encodesAndDecodes(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(Array(encoded.utf8)) == Array(text.utf8))
    }

    @Test func knowsEveryDigit() {
        let bytes = (0...255).map { UInt8($0) }
        let encoded = Base64.encode(bytes)
        #expect(encoded.hasPrefix("AAECAwQF"))
        #expect(encoded.hasSuffix("+fr7/P3+/w=="))
        #expect(Base64.decode(Array(encoded.utf8)) == bytes)
    }

    @Test func ignoresBitsThatNoByteNeedsOnlyWhereAsked() {
        let text = Array("AQIDBAUGBwgJCgsMDQ4PEC==".utf8)
        #expect(Base64.decode(text, tolerating: .unusedBits) == (1...16).map { UInt8($0) })
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("?>?", "Pz4_"), ("~~~", "fn5-")])
    func writesTextForURLsWithoutPadding(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8), .urlSafe) == encoded)
        #expect(Base64.decode(Array(encoded.utf8), .urlSafe, tolerating: .missingPadding) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zm9v=", "====", "Z===", "Zg==Zg==", "Zm9\n", "Zm-_", "Zm=v", "Zm 9v"])
    func refusesWhatIsNotPaddedBase64(_ text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }
}
