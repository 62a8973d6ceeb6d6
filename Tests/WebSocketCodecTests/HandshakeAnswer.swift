import TestSupport
import Testing

/// One case of `Fixtures/handshake-answers.txt`; that file says how it is written.
struct HandshakeAnswer: CustomTestStringConvertible, Sendable {
    let name: String
    /// The subprotocols that the request offered.
    let offered: [String]
    let bytes: [UInt8]
    let verdict: String

    var testDescription: String { name }

    static let all: [HandshakeAnswer] = {
        guard let text = try? TextFile.read(Fixture("handshake-answers.txt").path) else {
            preconditionFailure("cannot read handshake-answers.txt")
        }
        var cases: [HandshakeAnswer] = []
        var title: Substring?
        var bytes: [UInt8] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("== ") {
                title = line.dropFirst(3)
                bytes = []
            } else if line.hasPrefix("-> "), let ended = title {
                cases.append(HandshakeAnswer(title: ended, bytes: bytes, verdict: String(line.dropFirst(3))))
                title = nil
            } else if title != nil {
                bytes += wireBytes(ofLine: line)
            }
        }
        return cases
    }()

    private init(title: Substring, bytes: [UInt8], verdict: String) {
        let parts = title.split(separator: " (offering ", maxSplits: 1)
        name = String(parts[0])
        offered = parts.count > 1 ? parts[1].dropLast().split(separator: ", ").map(String.init) : []
        self.bytes = bytes
        self.verdict = verdict
    }

    /// Bytes of a text with escapes.
    static func bytes(_ text: String) -> [UInt8] { wireBytes(ofLine: text + "\\") }

    /// With escapes resolved, and CR LF unless the line ends with a backslash.
    private static func wireBytes(ofLine line: some StringProtocol) -> [UInt8] {
        let escapes: [UInt8: UInt8] = [
            UInt8(ascii: "r"): 0x0D, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "0"): 0,
        ]
        var bytes: [UInt8] = []
        var rest = Array(line.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else { return bytes }
            if escape == UInt8(ascii: "x") {
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    preconditionFailure("\\x without two digits in '\(line)'")
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if let value = escapes[escape] {
                bytes.append(value)
            } else {
                preconditionFailure("an unknown escape in '\(line)'")
            }
        }
        return bytes + [0x0D, 0x0A]
    }

    /// Bytes as the file writes them.
    static func escaped(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            switch byte {
            case 0x0D: "\\r"
            case 0x0A: "\\n"
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
