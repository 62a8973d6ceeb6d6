import Diagnostics
import LoadMetrics

/// What a frame carries, on one line: text as it is, anything else in hexadecimal digits, and of what is long the
/// beginning and the end.
struct FrameText {
    /// Bytes that are shown of the beginning and of the end.
    private static let headBytes = 240
    private static let tailBytes = 60
    /// Bytes that are shown in digits.
    private static let digitBytes = 32

    let frame: TranscriptFrame

    init(_ frame: TranscriptFrame) { self.frame = frame }

    var text: String {
        switch frame.opcode {
        case .text: quoted(frame.payload[...])
        case .binary: digits
        case .ping, .pong: isReadable ? quoted(frame.payload[...]) : digits
        case .close: closing
        }
    }

    /// The payload as text, without the part of a character at its end where it was cut.
    var wholeCharacters: String {
        let bytes = frame.payload[...]
        return String(decoding: frame.isCut ? bytes.withoutCutEnd : bytes, as: UTF8.self)
    }

    private var closing: String {
        guard let (code, reason) = frame.closing else { return "without a code" }
        return reason.isEmpty ? "\(code)" : "\(code) \(quoted(reason))"
    }

    /// Text on one line; more of it than is shown, or than is there, is an ellipsis.
    private func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        if frame.isCut { return readable(bytes.withoutCutEnd) + " …" }
        guard bytes.count > Self.headBytes + Self.tailBytes else { return readable(bytes) }
        let head = bytes.prefix(Self.headBytes).withoutCutEnd
        let tail = bytes.suffix(Self.tailBytes).drop { $0 & 0b1100_0000 == 0b1000_0000 }
        return readable(head) + " … " + readable(tail)
    }

    private func readable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).escaped(limit: .max)
    }

    private var digits: String {
        let shown = frame.payload.prefix(Self.digitBytes)
        return Self.hexadecimal(shown, separator: " ")
            + (frame.isCut || frame.payload.count > shown.count ? " …" : "")
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
    }

    /// Whether it is text, as most payloads of pings are.
    private var isReadable: Bool {
        String(validating: frame.payload, as: UTF8.self)?.unicodeScalars.allSatisfy { !$0.isUnsafeToDisplay } ?? false
    }
}

extension ArraySlice<UInt8> {
    /// Without the beginning of a character whose rest is missing.
    fileprivate var withoutCutEnd: ArraySlice<UInt8> {
        guard let start = suffix(3).lastIndex(where: { $0 & 0b1100_0000 == 0b1100_0000 }) else { return self }
        let length = self[start] >= 0xF0 ? 4 : self[start] >= 0xE0 ? 3 : 2
        return endIndex - start < length ? self[..<start] : self
    }
}

extension TranscriptFrame.Direction {
    var arrow: String { self == .sent ? "→" : "←" }
}
