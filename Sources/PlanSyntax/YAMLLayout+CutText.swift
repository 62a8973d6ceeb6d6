import Diagnostics

/// Finds unquoted text of which YAML has taken a part for something else without a syntax error: a ` #` that starts a
/// comment, a `,` or bracket that ends text within `{…}` and `[…]`.
extension YAMLLayout {
    /// The diagnostic for a plain scalar that leaves a bracket or quote open which is closed behind its end.
    func cutText(_ range: Range<Int>, isInFlow: Bool) -> UnquotedText? {
        var nesting = ExpressionNesting()
        nesting.scan(bytes[range])
        if nesting.isOpen, let comment = comment(after: range.upperBound) {
            let whole = range.lowerBound..<Int(comment.end)
            nesting.scan(bytes[range.upperBound..<whole.upperBound])
            guard !nesting.isOpen else { return nil }
            return UnquotedText(.cutByComment, at: comment, whole, help: advice(quoting: whole))
        }
        guard isInFlow, let end = bytes[range.upperBound...].firstIndex(where: { !isBlank($0) }) else { return nil }
        let isBracketWithin = end == range.upperBound && "[{".utf8.contains(bytes[end])
        guard isBracketWithin || nesting.isOpen && ",]}".utf8.contains(bytes[end]) else { return nil }
        guard let whole = flowValue(from: range.lowerBound), whole.upperBound > end else { return nil }
        return UnquotedText(
            .cutInFlow(bytes[end]), at: file.characterSpan(at: end), whole, help: advice(quoting: whole))
    }

    private static let maximumFlowValueLength = 500

    /// Text within `{…}` or `[…]` up to where it would end if brackets and quotes in it counted.
    func flowValue(from start: Int) -> Range<Int>? {
        var nesting = ExpressionNesting()
        // The bound keeps a long line of such texts from taking quadratic time.
        for offset in start..<min(start + Self.maximumFlowValueLength, bytes.count) {
            if !nesting.isOpen, ",]}\r\n".utf8.contains(bytes[offset]) {
                let end = bytes[start..<offset].lastIndex { !isBlank($0) } ?? start
                return start..<end + 1
            }
            if bytes[offset] == 0x0A { return nil }
            nesting.scan(bytes[offset...offset])
        }
        return nil
    }
}

/// Text without quotes of which YAML takes a part for something else.
struct UnquotedText: Error {
    /// Shows the quoted form.
    var diagnostic: Diagnostic
    /// All of the text, as far as that can be known.
    var range: Range<Int>?

    init(_ message: Diagnostic.Message, at span: SourceSpan, _ range: Range<Int>?, help: String?) {
        diagnostic = Diagnostic(.needsQuotes, message, at: span, help: help)
        self.range = range
    }
}

/// Follows brackets and quotes through an expression, as far as that can be done without knowing that it is one.
struct ExpressionNesting {
    private var brackets: [UInt8] = []
    private var quote: UInt8?
    private var previous: UInt8 = 0x20

    /// Whether a bracket or quote is still waiting for its end.
    var isOpen: Bool { quote != nil || !brackets.isEmpty }

    mutating func scan(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            let isEscaped = previous == UInt8(ascii: "\\") && quote != nil
            step(byte, isEscaped: isEscaped)
            // A backslash that is escaped itself escapes nothing.
            previous = isEscaped ? 0 : byte
        }
    }

    private mutating func step(_ byte: UInt8, isEscaped: Bool) {
        if let open = quote {
            if byte == open, !isEscaped { quote = nil }
            return
        }
        switch byte {
        // The apostrophe of a word opens nothing.
        case UInt8(ascii: "'") where isWordByte(previous): break
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
        case UInt8(ascii: "("): brackets.append(UInt8(ascii: ")"))
        case UInt8(ascii: "["): brackets.append(UInt8(ascii: "]"))
        case UInt8(ascii: "{"): brackets.append(UInt8(ascii: "}"))
        default: if byte == brackets.last { brackets.removeLast() }
        }
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: true
        default: isDigit(byte)
        }
    }
}

extension Diagnostic.Message {
    fileprivate static var cutByComment: Self {
        Self("YAML reads ' #' as the start of a comment, so that the value ends before it")
    }

    fileprivate static func cutInFlow(_ byte: UInt8) -> Self {
        Self("text without quotes ends at '\(Unicode.Scalar(byte))' within YAML's {…} and […]")
    }
}
