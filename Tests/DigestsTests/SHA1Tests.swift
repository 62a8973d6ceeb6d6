import Digests
import Testing

@Suite struct SHA1Tests {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", "b37a4f2cc0624f1690f64606cf385945b2bec4ea"),
    ])
    func givesThePublishedDigests(_ text: String, _ hexadecimal: String) {
        #expect(
            sha1(text.utf8).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() == hexadecimal)
    }
}
