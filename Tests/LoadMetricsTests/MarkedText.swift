import Diagnostics

/// A text in which `«` and `»` stand around the place at which something is expected, taken out of it.
struct MarkedText {
    let text: String
    let place: SourceSpan?

    init(_ marked: String) {
        let parts = marked.split(omittingEmptySubsequences: false) { $0 == "«" || $0 == "»" }.map(String.init)
        text = parts.joined()
        let start = parts[0].utf8.count
        place = parts.count == 3 ? SourceSpan(start..<start + parts[1].utf8.count) : nil
    }

    var located: LocatedText { LocatedText(text, at: SourceSpan(0..<text.utf8.count)) }
}
