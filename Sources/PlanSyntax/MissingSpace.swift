package import Diagnostics

/// A line of YAML in which a `:` or a `-` has no space behind it, so that it is a part of text: `vus:1`, `-send: hello`.
package struct MissingSpace {
    package enum Indicator: String, Sendable {
        case colon = ":"
        case dash = "-"
    }

    private let indicator: Indicator
    /// The place of the indicator in the line.
    private let offset: Int
    private let line: String

    /// A line that starts with a word and a colon that is followed by something else than `//`.
    package init?(behindKeyIn line: some StringProtocol) {
        let bytes = Array(line.utf8)
        guard let first = bytes.first, Self.isLetter(first) else { return nil }
        let end = bytes.firstIndex { !Self.isLetter($0) && !isDigit($0) && $0 != UInt8(ascii: "-") }
        guard let end, bytes[end] == UInt8(ascii: ":"), end + 1 < bytes.count else { return nil }
        let rest = bytes[(end + 1)...]
        guard ![0x20, 0x09, 0x0D, UInt8(ascii: ":")].contains(rest[end + 1]), !rest.starts(with: "//".utf8) else {
            return nil
        }
        indicator = .colon
        offset = end
        self.line = String(line)
    }

    /// The word in front of the colon, of which `behindKeyIn` was given more.
    package var wordLength: Int { offset }

    /// A line that starts with a dash and a word.
    package init?(behindDashIn line: some StringProtocol) {
        let bytes = Array(line.utf8.prefix(2))
        guard bytes.count == 2, bytes[0] == UInt8(ascii: "-"), Self.isLetter(bytes[1]) else { return nil }
        indicator = .dash
        offset = 0
        self.line = String(line)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
    }

    /// - Parameter start: where the line is in the file.
    package func diagnostic(at start: Int) -> Diagnostic {
        let utf8 = line.utf8
        let place = utf8.index(utf8.startIndex, offsetBy: offset + 1)
        let help = utf8.count > 200 ? nil : "write '\(line[..<place]) \(line[place...])'"
        return Diagnostic(
            .missingSpace, .missingSpace(behind: indicator), at: SourceSpan(start + offset..<start + offset + 1),
            help: help)
    }
}

extension Diagnostic.Message {
    fileprivate static func missingSpace(behind indicator: MissingSpace.Indicator) -> Self {
        Self("a '\(indicator.rawValue)' needs a space behind it")
    }
}
