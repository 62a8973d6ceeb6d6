/// What text from a file or a peer becomes before it is written to a terminal: control characters could move its cursor
/// and are shown as their pictures (U+2400 on); characters that change the direction of text, or cannot be seen, are
/// shown as U+FFFD. Tabs stay.
func terminalText(_ scalars: some Sequence<Unicode.Scalar>) -> String {
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
