/// One source line as a terminal can show it, and the place of a span on it.
struct SourceExcerpt {
    /// The line, or the part of it around the span if it is long, as ``terminalText(_:)``.
    private(set) var text: String
    /// What stands under the line: blanks up to the span, a caret and a tail as long as the span on this line.
    private(set) var marker: String

    /// Longer lines (a plan in JSON may be one line) are shown in part.
    static let maximumLength = 160

    /// `span` is the place of the span in `line`, which has no line break.
    init(line: ArraySlice<UInt8>, span: Range<Int>) {
        let shown = Self.window(of: line, around: span.lowerBound)
        let before = Self.scalars(line[shown.lowerBound..<span.lowerBound])
        let marked = Self.scalars(line[span.lowerBound..<max(span.lowerBound, min(span.upperBound, shown.upperBound))])
        let leading = shown.lowerBound > line.startIndex ? "…" : ""
        let trailing = shown.upperBound < line.endIndex ? "…" : ""
        text = leading + terminalText(Self.scalars(line[shown])) + trailing
        // A tab stays a tab under the line, so that the caret stands below its place whatever the tab width.
        let indent = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: Self.width(of: $0)) }.joined()
        let width = marked.map(Self.width).reduce(0, +)
        marker = (leading.isEmpty ? "" : " ") + indent + "^" + String(repeating: "~", count: max(1, width) - 1)
    }

    /// The part of a line to show, with the place in its middle where that is possible. Only that part is looked at, so
    /// that a line of megabytes costs no more than another.
    private static func window(of line: ArraySlice<UInt8>, around place: Int) -> Range<Int> {
        let start = step(-maximumLength / 2, from: place, in: line)
        let end = step(maximumLength, from: start, in: line)
        return step(-maximumLength, from: end, in: line)..<end
    }

    /// The offset `count` scalars away, or the end of the line in that direction. Bytes that are no UTF-8 are passed too.
    private static func step(_ count: Int, from offset: Int, in line: ArraySlice<UInt8>) -> Int {
        var offset = offset
        for _ in 0..<abs(count) {
            let limit = count > 0 ? line.endIndex : line.startIndex
            guard offset != limit else { break }
            repeat { offset += count.signum() } while offset != limit && isContinuation(line[offset])
        }
        return offset
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0b1100_0000 == 0b1000_0000 }

    private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
        Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    /// The cells that a character takes in a terminal: none for a combining mark, two for East Asian wide characters
    /// and emoji (Unicode Standard Annex 11), else one.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x00..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        case 0x200C, 0x200D, 0xFE00...0xFE0F: return 0
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: return 0
            default: return 1
            }
        }
    }
}
