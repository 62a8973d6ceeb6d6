/// The text of a scalar as its reader decoded it, and where each of its bytes came from, so that a diagnostic can
/// point into a template or an expression within escapes, folded lines or block scalars.
package struct LocatedText: Hashable, Sendable {
    package var text: String
    /// The scalar in the source, quotes and block indicators included.
    package var span: SourceSpan
    /// Where runs of the text start in the source, in ascending order; between two of them bytes correspond one to one.
    private var runs: [Run]

    /// From `textOffset` on (UTF-8 bytes of `text`), the text is the source from `sourceOffset` on.
    package struct Run: Hashable, Sendable {
        package var textOffset: UInt32
        package var sourceOffset: UInt32

        package init(textOffset: UInt32, sourceOffset: UInt32) {
            self.textOffset = textOffset
            self.sourceOffset = sourceOffset
        }
    }

    /// `runs` empty: the text stands in the source as it is, from the start of `span`.
    package init(_ text: String, at span: SourceSpan, runs: [Run] = []) {
        self.text = text
        self.span = span
        self.runs = runs
    }

    /// The place in the source of a range of UTF-8 offsets into `text`.
    package func span(of range: Range<Int>) -> SourceSpan {
        let start = sourceOffset(of: range.lowerBound)
        guard !range.isEmpty else { return SourceSpan(start: start, end: start) }
        // The end is one past the source of the last byte, since an escape or a line break may follow it.
        let end = max(start, sourceOffset(of: range.upperBound - 1) + 1)
        return SourceSpan(start: min(start, span.end), end: min(end, max(span.end, start)))
    }

    /// A part of this text, which still knows its place.
    package func slice(_ range: Range<Int>) -> LocatedText {
        let bytes = Array(text.utf8)[range]
        let lower = UInt32(range.lowerBound)
        var sliced = [Run(textOffset: 0, sourceOffset: sourceOffset(of: range.lowerBound))]
        for run in runs where run.textOffset > lower && run.textOffset < UInt32(range.upperBound) {
            sliced.append(Run(textOffset: run.textOffset - lower, sourceOffset: run.sourceOffset))
        }
        return LocatedText(String(decoding: bytes, as: UTF8.self), at: span(of: range), runs: sliced)
    }

    private func sourceOffset(of textOffset: Int) -> UInt32 {
        let offset = UInt32(textOffset)
        guard let run = runs.last(where: { $0.textOffset <= offset }) else { return min(span.start + offset, span.end) }
        return run.sourceOffset + (offset - run.textOffset)
    }
}
