/// The text of a scalar as its reader decoded it, and where each of its bytes came from, so that a diagnostic can
/// point into a template or an expression within escapes, folded lines or block scalars.
package struct LocatedText: Hashable, Sendable {
    package let text: String
    /// The scalar in the source, quotes and block indicators included.
    package let span: SourceSpan
    /// Where runs of the text start in the source, in ascending order of both offsets. Empty: the text stands in the
    /// source as it is, from the start of `span`.
    private let runs: [Run]

    /// A stretch of the text, up to the next run, that comes from one stretch of the source.
    package struct Run: Hashable, Sendable {
        /// Offset of its first byte in the text's UTF-8.
        package var textOffset: UInt32
        /// Offset of the byte in the source file that it comes from.
        package var sourceOffset: UInt32
        /// 0: bytes of text and source correspond one to one. Else the whole run stands for so many bytes of source: an
        /// escape, or a line break between folded lines.
        package var replacedLength: UInt32

        package init(textOffset: UInt32, sourceOffset: UInt32, replacedLength: UInt32 = 0) {
            self.textOffset = textOffset
            self.sourceOffset = sourceOffset
            self.replacedLength = replacedLength
        }
    }

    package init(_ text: String, at span: SourceSpan, runs: [Run] = []) {
        self.text = text
        self.span = span
        let isVerbatim = runs == [Run(textOffset: 0, sourceOffset: span.start)]
        self.runs = isVerbatim ? [] : runs
    }

    /// The place in the source of a range of UTF-8 offsets into `text`. O(log n) in the number of runs.
    package func span(of range: Range<Int>) -> SourceSpan {
        let start = source(ofByteAt: range.lowerBound).lowerBound
        // The end is that of the last byte, since an escape, a line break or indentation may follow it.
        let end = range.isEmpty ? start : max(start, source(ofByteAt: range.upperBound - 1).upperBound)
        return SourceSpan(start: start, end: end)
    }

    /// A part of this text, which still knows its place. The range is to start and end between characters.
    package func slice(_ range: Range<Int>) -> LocatedText {
        let utf8 = text.utf8
        let lower = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let upper = utf8.index(lower, offsetBy: range.count)
        let firstRun = max(0, runsStarting(atOrBefore: UInt32(range.lowerBound)) - 1)
        let endRun = runsStarting(atOrBefore: UInt32(range.upperBound))
        var sliced: [Run] = []
        if runs.isEmpty {
            sliced = [Run(textOffset: 0, sourceOffset: source(ofByteAt: range.lowerBound).lowerBound)]
        }
        for run in runs[min(firstRun, endRun)..<endRun] {
            var moved = run
            if run.textOffset < UInt32(range.lowerBound) {
                moved.textOffset = 0
                if run.replacedLength == 0 { moved.sourceOffset += UInt32(range.lowerBound) - run.textOffset }
            } else {
                moved.textOffset = run.textOffset - UInt32(range.lowerBound)
            }
            sliced.append(moved)
        }
        return LocatedText(String(decoding: utf8[lower..<upper], as: UTF8.self), at: span(of: range), runs: sliced)
    }

    /// The source bytes behind one byte of text; the byte past the end has an empty place there, at most the span's end.
    private func source(ofByteAt textOffset: Int) -> Range<UInt32> {
        let offset = UInt32(textOffset)
        let index = runsStarting(atOrBefore: offset) - 1
        let length: UInt32 = textOffset < text.utf8.count ? 1 : 0
        if index >= 0, runs[index].replacedLength > 0 {
            let start = runs[index].sourceOffset
            let end = start + runs[index].replacedLength
            return length == 0 ? end..<end : start..<end
        }
        let start = index >= 0 ? runs[index].sourceOffset + (offset - runs[index].textOffset) : span.start + offset
        return min(start, span.end)..<min(start + length, span.end)
    }

    /// How many runs start at or before an offset of the text.
    private func runsStarting(atOrBefore offset: UInt32) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].textOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
