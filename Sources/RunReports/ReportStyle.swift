/// Whether a report may use colours. Plain text has no escape sequence in it.
package enum ReportStyle: Sendable {
    case plain
    case colour
}

/// What a piece of text means, and so how it is set off.
enum Emphasis {
    case none
    case strong
    case faint
    case good
    case bad
    case warning

    /// The number of the "select graphic rendition" sequence (ECMA-48 §8.3.117).
    private var rendition: String? {
        switch self {
        case .none: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        }
    }

    func applied(to text: String, _ style: ReportStyle) -> String {
        guard style == .colour, !text.isEmpty, let rendition else { return text }
        return "\u{1B}[\(rendition)m\(text)\u{1B}[0m"
    }
}
