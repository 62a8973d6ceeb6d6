import Diagnostics

/// Finds a `:` or a `-` that lacks a space where libyaml stumbles over what follows from it.
extension YAMLLayout {
    /// The diagnostic for the line of a place, behind dashes.
    func missingSpace(onLineOf offset: Int) -> Diagnostic? {
        let start = startOfText(onLineOf: offset)
        let line = text(start..<endOfText(from: start))
        return (MissingSpace(behindDashIn: line) ?? MissingSpace(behindKeyIn: line))?.diagnostic(at: start)
    }

    /// The diagnostic for the text that ends on the line of a place, if that is no text but a key and a value: where a
    /// text starts on a line of its own, and goes on over the lines behind.
    func missingSpace(inTextAbove offset: Int) -> Diagnostic? {
        var found: Diagnostic?
        var line = startOfLine(at: offset)
        // The bound keeps a fault behind very long text from costing much.
        for _ in 0..<50 {
            guard line > 0 else { break }
            line = startOfLine(at: line - 1)
            let start = startOfText(onLineOf: line)
            let end = endOfText(from: line)
            guard start < end else { continue }
            if bytes[start] == UInt8(ascii: "#") {
                // A comment ends a text.
                guard found == nil else { break }
                continue
            }
            if let colon = endOfKey(from: start, to: end) {
                // What follows a key without a value begins on the next line.
                if skipBlanks(from: colon + 1, to: end) == end { return found }
                return MissingSpace(behindDashIn: text(start..<end))?.diagnostic(at: start)
            }
            found = missingSpace(onLineOf: line)
            // Behind a dash a text begins.
            if start > skipBlanks(from: line, to: end) { break }
        }
        return found
    }

    /// Whether a key is without quotes and begins with a dash.
    func lacksSpace(behindDashOf key: LocatedText) -> Bool {
        MissingSpace(behindDashIn: key.text) != nil && bytes[Int(key.span.start)] == UInt8(ascii: "-")
    }

    /// The diagnostic for a key that begins with a dash.
    func missingSpace(behindDashOf key: LocatedText) -> Diagnostic? {
        let start = Int(key.span.start)
        return MissingSpace(behindDashIn: text(lineSpan(at: start).range))?.diagnostic(at: start)
    }

    private func startOfLine(at offset: Int) -> Int {
        bytes[..<min(offset, bytes.count)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    }

    /// Where the words of a line start, behind its indentation and the dashes of lists.
    private func startOfText(onLineOf offset: Int) -> Int {
        let lineStart = startOfLine(at: offset)
        let end = endOfText(from: lineStart)
        var start = skipBlanks(from: lineStart, to: end)
        while start + 1 < end, bytes[start] == UInt8(ascii: "-"), isBlank(bytes[start + 1]) {
            start = skipBlanks(from: start + 1, to: end)
        }
        return start
    }
}
