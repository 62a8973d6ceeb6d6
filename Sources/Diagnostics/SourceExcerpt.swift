/// One source line as a terminal can show it, and the place of a span on it.
struct SourceExcerpt {
    /// The line, or the part of it around the span if it is long, without characters that could confuse a terminal.
    private(set) var text: String
    /// What stands under the line: blanks up to the span, a caret and a tail as long as the span on this line.
    private(set) var marker: String

    /// Longer lines (a plan in JSON may be one line) are shown in part.
    static let maximumLength = 160

    /// `columns` are those of the span on the line, in Unicode scalars from 0.
    init(line: ArraySlice<UInt8>, columns: Range<Int>) {
        let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        let start = min(columns.lowerBound, scalars.count)
        let shown = Self.window(around: start, of: scalars.count)
        let before = scalars[shown.lowerBound..<start]
        let marked = scalars[start..<min(max(columns.upperBound, start), shown.upperBound)]
        let leading = shown.lowerBound > 0 ? "…" : ""
        let trailing = shown.upperBound < scalars.count ? "…" : ""
        text = leading + Self.printable(scalars[shown]) + trailing
        // A tab stays a tab under the line, so that the caret stands below its place whatever the tab width.
        let indent = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: Self.width(of: $0)) }.joined()
        let width = marked.map(Self.width).reduce(0, +)
        marker = (leading.isEmpty ? "" : " ") + indent + "^" + String(repeating: "~", count: max(1, width) - 1)
    }

    /// The part of a line of `count` scalars to show, with the place in its middle where that is possible.
    private static func window(around place: Int, of count: Int) -> Range<Int> {
        guard count > maximumLength else { return 0..<count }
        let start = max(0, min(place - maximumLength / 2, count - maximumLength))
        return start..<start + maximumLength
    }

    /// Control characters could move the cursor of the terminal: they are shown as their pictures (U+2400 on).
    /// Characters that change the direction of text, or cannot be seen, are shown as U+FFFD.
    private static func printable(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        for scalar in scalars {
            switch scalar.value {
            case 0x09: text.unicodeScalars.append(scalar)
            case 0x00..<0x20: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: text.unicodeScalars.append("\u{2421}")
            case 0x80..<0xA0, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF:
                text.unicodeScalars.append("\u{FFFD}")
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
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
