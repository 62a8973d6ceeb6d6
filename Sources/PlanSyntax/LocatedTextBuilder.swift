import Diagnostics

/// Puts a decoded text together piece by piece, and keeps where each piece came from.
struct LocatedTextBuilder {
    private(set) var bytes: [UInt8] = []
    private var runs: [LocatedText.Run] = []
    /// Where the source goes on if the next piece continues the last run; nil behind a replaced one.
    private var continuation: Int?

    /// Text that stands in the source as it is.
    mutating func append(_ text: ArraySlice<UInt8>, at sourceOffset: Int) {
        guard !text.isEmpty else { return }
        if continuation != sourceOffset {
            runs.append(.init(textOffset: UInt32(bytes.count), sourceOffset: UInt32(sourceOffset)))
        }
        bytes += text
        continuation = sourceOffset + text.count
    }

    /// Text that the source has in other words: an escape, a folded line break.
    mutating func append(_ text: some Sequence<UInt8>, replacing source: Range<Int>) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        guard bytes.count > start else { return }
        runs.append(
            .init(
                textOffset: UInt32(start), sourceOffset: UInt32(source.lowerBound),
                replacedLength: UInt32(source.count)))
        continuation = nil
    }

    /// The text so far, of a scalar that spans `span` in the source.
    func build(at span: SourceSpan) -> LocatedText {
        LocatedText(String(decoding: bytes, as: UTF8.self), at: span, runs: runs)
    }
}
