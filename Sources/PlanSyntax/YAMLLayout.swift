import Diagnostics

/// Looks at the source around what libyaml reports, for what its events do not say: where a value really starts, the
/// comment behind it, the line that it stands on.
struct YAMLLayout {
    /// As its author wrote it: what is quoted in messages.
    let file: SourceFile
    /// As it is read.
    let bytes: [UInt8]

    init(_ file: SourceFile, read bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    /// Where the content of a node starts behind its anchor and tag, and the place of its tag.
    func properties(from event: YAMLEvent) -> (contentStart: Int, tag: Range<Int>?) {
        guard event.anchor != nil || event.tag != nil else { return (event.range.lowerBound, nil) }
        var tag: Range<Int>?
        var offset = event.range.lowerBound
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "&"):
                offset += 1
                while offset < bytes.count, isAnchorByte(bytes[offset]) { offset += 1 }
            case UInt8(ascii: "!") where tag == nil:
                let end = bytes[offset...].firstIndex { isSpaceOrBreak($0) || ",[]{}".utf8.contains($0) } ?? bytes.count
                tag = offset..<end
                offset = end
            case UInt8(ascii: "#"): offset = endOfLine(from: offset)
            case let byte where isSpaceOrBreak(byte): offset += 1
            default: return (contentStart(offset, of: event), tag)
            }
        }
        return (contentStart(offset, of: event), tag)
    }

    /// An empty scalar ends at its properties; what is behind them belongs to something else.
    private func contentStart(_ offset: Int, of event: YAMLEvent) -> Int {
        if case .scalar = event.content { min(offset, event.range.upperBound) } else { offset }
    }

    /// The comment that follows on the same line, without the blanks at its end.
    func comment(after offset: Int) -> SourceSpan? {
        let start = bytes[offset...].firstIndex { !isBlank($0) } ?? bytes.count
        guard start > offset, start < bytes.count, bytes[start] == UInt8(ascii: "#") else { return nil }
        return SourceSpan(start..<endOfText(from: start))
    }

    /// A block scalar's range without the empty lines behind its last words.
    func withoutTrailingBreaks(_ range: Range<Int>) -> Range<Int> {
        let last = bytes[range].lastIndex { !isSpaceOrBreak($0) }
        return range.lowerBound..<(last.map { $0 + 1 } ?? range.upperBound)
    }

    /// From `offset` to the end of its line.
    func lineSpan(at offset: Int) -> SourceSpan {
        SourceSpan(min(offset, bytes.count)..<max(min(offset, bytes.count), endOfText(from: min(offset, bytes.count))))
    }

    // MARK: - The value on a line

    /// The value that a line gives to a key or a list entry: all behind `- ` and `key: ` up to a comment. What looks like
    /// one within quotes or brackets belongs to the value.
    struct LineValue {
        var range: Range<Int>
        /// False on a line without key and dash, which continues a value that starts above.
        var hasPrefix: Bool
    }

    func value(onLineOf offset: Int) -> LineValue? {
        let lineStart = bytes[..<min(offset, bytes.count)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let lineEnd = endOfText(from: lineStart)
        let first = skipBlanks(from: lineStart, to: lineEnd)
        var start = first
        while start < lineEnd, "-?".utf8.contains(bytes[start]), start + 1 == lineEnd || isBlank(bytes[start + 1]) {
            start = skipBlanks(from: start + 1, to: lineEnd)
        }
        if let colon = endOfKey(from: start, to: lineEnd) { start = skipBlanks(from: colon + 1, to: lineEnd) }
        guard start < lineEnd else { return nil }
        return LineValue(range: start..<endOfValue(from: start, to: lineEnd), hasPrefix: start > first)
    }

    /// Where a comment behind a value starts, but for the blanks before it; else the end of the line.
    private func endOfValue(from start: Int, to end: Int) -> Int {
        var nesting = ExpressionNesting()
        for offset in start..<end {
            if bytes[offset] == UInt8(ascii: "#"), offset > start, isBlank(bytes[offset - 1]), !nesting.isOpen {
                return bytes[start..<offset].lastIndex { !isBlank($0) }.map { $0 + 1 } ?? end
            }
            nesting.scan(bytes[offset...offset])
        }
        return end
    }

    /// Advice to quote the value that starts at `offset`.
    func quoteIfText(at offset: Int, isInFlow: Bool) -> String? {
        if isInFlow { return flowValue(from: offset).map { advice("if it is meant as text, quote it", quoting: $0) } }
        guard let value = value(onLineOf: offset), value.hasPrefix, offset >= value.range.lowerBound else { return nil }
        return advice("if it is meant as text, quote it", quoting: value.range)
    }

    /// What to do about an alias without an anchor. One that is all of a value is hardly text; one that is merged never.
    func help(forAlias name: String, at range: Range<Int>, isInFlow: Bool) -> String? {
        let line = value(onLineOf: range.lowerBound)
        let whole = isInFlow ? flowValue(from: range.lowerBound) : line?.range
        guard whole == range else { return quoteIfText(at: range.lowerBound, isInFlow: isInFlow) }
        let lineStart = bytes[..<range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let isMerged = text(lineStart..<range.lowerBound).contains("<<")
        return "put '&\(name)' before what it stands for, further up in this file"
            + (isMerged ? "" : "; text that starts with '*' needs quotes")
    }

    /// Advice to quote a range, with the line as it then is.
    func advice(_ words: String = "quote the whole value", quoting range: Range<Int>) -> String {
        advice(words, line: line(quoting: range))
    }

    /// Advice with a corrected line, if that is short enough to be read.
    func advice(_ words: String, line: String) -> String { line.utf8.count > 200 ? words : "\(words):\n\(line)" }

    /// The line on which a range stands, without its indentation, with the range in quotes.
    private func line(quoting range: Range<Int>) -> String {
        let lineStart = bytes[..<range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let first = skipBlanks(from: lineStart, to: range.lowerBound)
        let lineEnd = endOfText(from: range.upperBound)
        return text(first..<range.lowerBound) + quoted(text(range)) + text(range.upperBound..<lineEnd)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: file.bytes[range], as: UTF8.self) }

    /// Single quotes, doubled within; double quotes where that reads better.
    private func quoted(_ text: String) -> String {
        if text.contains("'"), !text.contains("\""), !text.contains("\\") { return "\"\(text)\"" }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// The colon behind the key at `start`, if there is a key: one word or more, in quotes or without indicators.
    func endOfKey(from start: Int, to end: Int) -> Int? {
        guard start < end else { return nil }
        var offset = start
        if bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
            guard let close = closingQuote(of: start, to: end) else { return nil }
            offset = skipBlanks(from: close + 1, to: end)
            return offset < end && bytes[offset] == UInt8(ascii: ":") ? offset : nil
        }
        guard !"{[!&*|>%@`#$".utf8.contains(bytes[start]) else { return nil }
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: ":") where offset + 1 == end || isBlank(bytes[offset + 1]): return offset
            case UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: "["): return nil
            default: offset += 1
            }
        }
        return nil
    }

    /// The quote that closes the one at `start` on the same line.
    func closingQuote(of start: Int, to end: Int) -> Int? {
        let quote = bytes[start]
        var offset = start + 1
        while offset < end {
            if bytes[offset] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                offset += 2
            } else if bytes[offset] == quote {
                guard quote == UInt8(ascii: "'"), offset + 1 < end, bytes[offset + 1] == quote else { return offset }
                offset += 2
            } else {
                offset += 1
            }
        }
        return nil
    }

    // MARK: - Bytes

    func endOfLine(from offset: Int) -> Int { bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count }

    /// The end of the line without blanks and line break.
    func endOfText(from offset: Int) -> Int {
        bytes[offset..<endOfLine(from: offset)].lastIndex { !isSpaceOrBreak($0) }.map { $0 + 1 } ?? offset
    }

    func skipBlanks(from offset: Int, to end: Int) -> Int {
        bytes[offset..<max(offset, end)].firstIndex { !isBlank($0) } ?? max(offset, end)
    }

    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isSpaceOrBreak(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0A || byte == 0x0D }

    private func isAnchorByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
