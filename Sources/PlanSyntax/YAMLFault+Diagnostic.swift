import Diagnostics

extension YAMLLayout {
    /// The text for which libyaml complains if that is all that is wrong: it would be read in quotes. Within
    /// `{…}` and `[…]`, `behind` is the last value that ended before the place.
    func unquotedText(for fault: YAMLFault, behind value: Range<Int>?, isInFlow: Bool) -> UnquotedText? {
        guard isInFlow else { return unquotedText(at: fault) }
        switch fault.problem {
        case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
            return value.flatMap { unquotedText(at: fault, behind: $0) }
        case "found unexpected ':'":
            let whole = flowValue(from: fault.contextOffset)
            return UnquotedText(
                .unexpectedColonInFlow, at: file.characterSpan(at: fault.offset), whole,
                help: whole.map { advice(quoting: $0) })
        case "found character that cannot start any token":
            guard fault.offset < bytes.count, bytes[fault.offset] != 0x09 else { return nil }
            return startsWithIndicator(at: fault.offset)
        case "did not find expected alphabetic or numeric character":
            return startsWithIndicator(at: fault.contextOffset)
        default:
            let isTag = fault.context.hasSuffix("a tag") || fault.problem == "found undefined tag handle"
            return isTag ? startsWithIndicator(at: fault.contextOffset) : nil
        }
    }

    /// Text within `{…}` and `[…]` by its first character.
    private func startsWithIndicator(at start: Int) -> UnquotedText {
        let whole = flowValue(from: start)
        return UnquotedText(
            .startsWithIndicator(bytes[start]), at: file.characterSpan(at: start), whole,
            help: whole.map { advice(quoting: $0) })
    }

    /// What libyaml's complaint means to the author of a plan, where it is not about text without quotes.
    func diagnostic(for fault: YAMLFault) -> Diagnostic {
        switch fault.problem {
        case "found unexpected end of stream", "found unexpected document indicator":
            return Diagnostic(
                .malformedYAML, .unterminatedQuote, at: file.characterSpan(at: fault.contextOffset),
                help: "it is read to the end of the file; put the closing quote where the text ends")
        case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
            return unfinishedFlow(fault)
        case "mapping values are not allowed in this context":
            return mappingNotAllowed(fault)
        case "could not find expected ':'":
            return missingSpace(onLineOf: fault.contextOffset)
                ?? Diagnostic(
                    .malformedYAML, .missingColon, at: lineSpan(at: fault.contextOffset),
                    help: "write 'key: value', or indent the line if it continues the text above")
        case "block sequence entries are not allowed in this context":
            return malformed(.listBehindKey, at: fault.offset, help: "start the list on the next line, indented")
        case "mapping keys are not allowed in this context":
            return malformed(.questionMark, at: fault.offset, help: "text that starts with '? ' needs quotes")
        case "did not find expected alphabetic or numeric character":
            return malformed(.namelessAnchor, at: fault.offset, help: "text that starts with one of them needs quotes")
        case "found character that cannot start any token":
            return cannotStart(fault)
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return malformed(.tab, at: fault.offset, help: Self.tabHelp)
        case "found unknown escape character":
            return malformed(
                .unknownEscape, at: fault.offset,
                help: "write \\\\ for a backslash, or use single quotes: they have no escapes")
        case "did not find expected hexdecimal number", "found invalid Unicode character escape code":
            return malformed(
                .malformedEscape, at: fault.offset, help: "\\x takes two hexadecimal digits, \\u four and \\U eight")
        case "did not find expected key", "did not find expected '-' indicator":
            return doesNotFit(fault)
        case "did not find expected <document start>":
            return missingSpace(inTextAbove: fault.offset)
                ?? malformed(.behindDocument, at: fault.offset, help: "the lines of one mapping start in one column")
        case "did not find expected node content":
            return malformed(.missingValue, at: fault.offset)
        case "did not find expected comment or line break", "found an indentation indicator equal to 0":
            return malformed(.blockHeader, at: fault.offset, help: "behind '|' or '>' the text starts on the next line")
        default:
            if fault.context.hasSuffix("a tag") || fault.problem == "found undefined tag handle" {
                return Diagnostic(
                    .needsQuotes, .startsWithIndicator(UInt8(ascii: "!")),
                    at: file.characterSpan(at: fault.contextOffset))
            }
            if fault.context.contains("directive") || fault.problem.contains("directive")
                || fault.problem == "found incompatible YAML document"
            {
                return malformed(.directive, at: fault.contextOffset, help: "text that starts with '%' needs quotes")
            }
            return malformed(.other(fault), at: fault.offset)
        }
    }

    private func malformed(_ message: Diagnostic.Message, at offset: Int, help: String? = nil) -> Diagnostic {
        Diagnostic(.malformedYAML, message, at: file.characterSpan(at: offset), help: help)
    }

    // MARK: - Text without quotes

    /// The error for a value that YAML cannot read as text as it stands: by its first character, by what follows its
    /// closing quote or bracket, or by a `: ` in it.
    private func unquotedText(at fault: YAMLFault) -> UnquotedText? {
        guard let value = value(onLineOf: fault.offset), value.hasPrefix, fault.offset >= value.range.lowerBound,
            fault.offset <= value.range.upperBound
        else { return nil }
        let start = value.range.lowerBound
        let first = bytes[start]
        let message: Diagnostic.Message
        var place = start
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let close = closingQuote(of: start, to: value.range.upperBound) else { return nil }
            place = skipBlanks(from: close + 1, to: value.range.upperBound)
            guard place < value.range.upperBound, fault.offset > close else { return nil }
            if isApostrophe(close) {
                return apostrophe(at: close, in: value.range)
            }
            message = .textBehindQuote
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard let end = endOfBrackets(in: value.range), fault.offset >= end else { return nil }
            place = skipBlanks(from: end, to: value.range.upperBound)
            guard place < value.range.upperBound else { return nil }
            message = .textBehindBrackets(first)
        case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "|"), UInt8(ascii: ">"),
            UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            message = .startsWithIndicator(first)
        default:
            guard fault.problem.hasPrefix("mapping values") else { return nil }
            place = fault.offset
            message = .colonWithinText
        }
        return UnquotedText(
            message, at: file.characterSpan(at: place), value.range, help: advice(quoting: value.range))
    }

    /// Whether the quote that seems to end a text stands within a word.
    private func isApostrophe(_ offset: Int) -> Bool {
        guard bytes[offset] == UInt8(ascii: "'"), offset + 1 < bytes.count else { return false }
        let isLetter = { (byte: UInt8) in byte >= 0x80 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        return isLetter(bytes[offset - 1]) && isLetter(bytes[offset + 1])
    }

    private func apostrophe(at offset: Int, in value: Range<Int>) -> UnquotedText {
        let isClosed = bytes[value.upperBound - 1] == UInt8(ascii: "'")
        let inner = value.lowerBound + 1..<value.upperBound - (isClosed ? 1 : 0)
        let doubled = text(inner).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        let lineStart = bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let prefix = text(skipBlanks(from: lineStart, to: offset)..<value.lowerBound)
        return UnquotedText(
            .apostrophe, at: file.characterSpan(at: offset), value,
            help: advice("double the apostrophe", line: "\(prefix)'\(doubled)'"))
    }

    /// The offset behind the bracket that closes the one at the start of a value, on its line.
    private func endOfBrackets(in value: Range<Int>) -> Int? {
        var nesting = ExpressionNesting()
        for offset in value {
            nesting.scan(bytes[offset...offset])
            if !nesting.isOpen { return offset + 1 }
        }
        return nil
    }

    // MARK: - Lists and mappings in brackets

    /// Text of which a colon is left over, or what follows a closing quote or bracket: `{a: x ? 1 : 2}`, `{a: "b" == c}`.
    private func unquotedText(at fault: YAMLFault, behind value: Range<Int>) -> UnquotedText? {
        guard fault.offset < bytes.count, value.upperBound <= fault.offset,
            skipBlanks(from: value.upperBound, to: fault.offset) == fault.offset,
            let whole = flowValue(from: value.lowerBound), whole.upperBound > fault.offset
        else { return nil }
        let message: Diagnostic.Message
        if bytes[fault.offset] == UInt8(ascii: ":") {
            message = .colonWithinText
        } else {
            // A key behind it belongs to another entry: a comma is missing.
            guard endOfKey(from: fault.offset, to: whole.upperBound) == nil else { return nil }
            switch bytes[value.lowerBound] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): message = .textBehindQuote
            case UInt8(ascii: "["), UInt8(ascii: "{"): message = .textBehindBrackets(bytes[value.lowerBound])
            default: return nil
            }
        }
        return UnquotedText(message, at: file.characterSpan(at: fault.offset), whole, help: advice(quoting: whole))
    }

    private func unfinishedFlow(_ fault: YAMLFault) -> Diagnostic {
        let opening = bytes[min(fault.contextOffset, bytes.count - 1)]
        let closing = opening == UInt8(ascii: "[") ? "]" : "}"
        let isAtEnd = bytes[min(fault.offset, bytes.count)...].allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        if isAtEnd {
            return malformed(
                .unclosedBracket(opening), at: fault.contextOffset, help: "it is read to the end of the file")
        }
        return Diagnostic(
            .malformedYAML, .missingComma(closing), at: file.characterSpan(at: fault.offset),
            notes: [Diagnostic.Note("for what starts here", at: file.characterSpan(at: fault.contextOffset))])
    }

    // MARK: - Indentation

    private func mappingNotAllowed(_ fault: YAMLFault) -> Diagnostic {
        let value = value(onLineOf: fault.offset)
        if let value, !value.hasPrefix {
            return malformed(
                .colonWithinText, at: fault.offset,
                help: "quote the whole value, or write it as a block: '>-' behind the key, the text indented below")
        }
        return missingSpace(inTextAbove: fault.offset)
            ?? malformed(
                .mappingNotAllowed, at: fault.offset,
                help: "the key above has a value already: check the indentation of this line")
    }

    private func cannotStart(_ fault: YAMLFault) -> Diagnostic {
        guard fault.offset < bytes.count else { return malformed(.missingValue, at: fault.offset) }
        return switch bytes[fault.offset] {
        case 0x09: malformed(.tab, at: fault.offset, help: Self.tabHelp)
        case let byte: malformed(.reserved(byte), at: fault.offset, help: "text that starts with it needs quotes")
        }
    }

    private func doesNotFit(_ fault: YAMLFault) -> Diagnostic {
        if fault.offset < bytes.count, bytes[fault.offset] == UInt8(ascii: ":") {
            return malformed(.missingKey, at: fault.offset)
        }
        if let space = missingSpace(onLineOf: fault.offset) ?? missingSpace(onLineOf: fault.contextOffset) {
            return space
        }
        let isList = fault.problem.contains("'-'")
        let start = file.position(at: UInt32(fault.contextOffset))
        return Diagnostic(
            .malformedYAML, isList ? .doesNotFitList : .doesNotFitMapping, at: lineSpan(at: fault.offset),
            help: "its lines start in column \(start.column): check the indentation, quotes and brackets above",
            notes: [
                Diagnostic.Note(
                    isList ? "the list starts here" : "the mapping starts here", at: lineSpan(at: fault.contextOffset))
            ])
    }

    private static let tabHelp = "indent with spaces"
}

extension Diagnostic.Message {
    fileprivate static var unterminatedQuote: Self { Self("the quoted text that starts here is never closed") }
    fileprivate static var unexpectedColonInFlow: Self {
        Self("':' within text without quotes cannot be read within YAML's {…} and […]")
    }
    fileprivate static var missingColon: Self { Self("this line is neither a key with ':' nor part of the text above") }
    fileprivate static var listBehindKey: Self { Self("a list cannot start on the line of its key") }
    fileprivate static var questionMark: Self { Self("'? ' marks a key in YAML, and none can stand here") }
    fileprivate static var tab: Self { Self("a tab cannot indent YAML") }
    fileprivate static var unknownEscape: Self { Self("double-quoted YAML has no such escape") }
    fileprivate static var malformedEscape: Self { Self("this escape is no character") }
    fileprivate static var behindDocument: Self { Self("this belongs to nothing above: the document has ended") }
    fileprivate static var missingKey: Self { Self("a key is missing before this ':'") }
    fileprivate static var namelessAnchor: Self {
        Self("'&' and '*' mark anchors and aliases, and a name is missing here")
    }
    fileprivate static var missingValue: Self { Self("a value is missing here") }
    fileprivate static var blockHeader: Self { Self("'|' and '>' start a block of text, and this cannot follow them") }
    fileprivate static var directive: Self { Self("a line that starts with '%' is a YAML directive, and no known one") }
    fileprivate static var mappingNotAllowed: Self { Self("a mapping cannot start here") }
    fileprivate static var doesNotFitMapping: Self { Self("this line does not fit into the mapping around it") }
    fileprivate static var doesNotFitList: Self { Self("this line does not fit into the list around it") }
    fileprivate static var colonWithinText: Self { Self("YAML reads ': ' within text without quotes as a mapping") }
    fileprivate static var textBehindQuote: Self {
        Self("a quoted value ends at its closing quote, and text follows here")
    }
    fileprivate static var apostrophe: Self { Self("this apostrophe ends the single-quoted text") }

    fileprivate static func unclosedBracket(_ bracket: UInt8) -> Self {
        Self("the '\(Unicode.Scalar(bracket))' that stands here is never closed")
    }

    fileprivate static func missingComma(_ closing: String) -> Self { Self("',' or '\(closing)' is missing here") }

    fileprivate static func reserved(_ byte: UInt8) -> Self {
        Self("'\(Unicode.Scalar(byte))' cannot start a value in YAML")
    }

    fileprivate static func textBehindBrackets(_ bracket: UInt8) -> Self {
        let kind = bracket == UInt8(ascii: "[") ? "list" : "mapping"
        return Self(
            "the value is read as a YAML \(kind), since it starts with '\(Unicode.Scalar(bracket))', and text follows it here"
        )
    }

    fileprivate static func startsWithIndicator(_ byte: UInt8) -> Self {
        let meaning =
            switch byte {
            case UInt8(ascii: "!"): "a tag"
            case UInt8(ascii: "&"): "an anchor"
            case UInt8(ascii: "*"): "an alias"
            case UInt8(ascii: "|"), UInt8(ascii: ">"): "a block of text"
            case UInt8(ascii: "%"): "a directive"
            default: "reserved"
            }
        return Self("text without quotes cannot start with '\(Unicode.Scalar(byte))': in YAML that is \(meaning)")
    }

    fileprivate static func other(_ fault: YAMLFault) -> Self { Self("malformed YAML: \(fault.problem)") }
}
