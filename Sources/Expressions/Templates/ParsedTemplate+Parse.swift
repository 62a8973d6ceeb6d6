package import Diagnostics

extension ParsedTemplate {
    /// Reports what is wrong with the text, in all of its expressions, and gives nil; or the template.
    package static func parse(_ text: LocatedText, into findings: inout [Diagnostic]) -> ParsedTemplate? {
        var scanner = TemplateScanner(text)
        var isValid = true
        var segments: [Segment] = []
        while let piece = scanner.next() {
            switch piece {
            case .literal(let literal): segments.append(.literal(literal))
            case .expression(let range):
                if let misuse = misuse(of: text, at: range) {
                    findings.append(misuse)
                    isValid = false
                } else if let expression = ParsedExpression.parse(text.slice(range), into: &findings) {
                    segments.append(.expression(expression))
                } else {
                    isValid = false
                }
            case .unclosed(let range):
                findings.append(
                    Diagnostic(
                        .malformedTemplate, .unclosed, at: text.span(of: range),
                        help: "write a '}' behind the expression; a literal ${ is written $${"))
                isValid = false
            case .unclosedString(let quote):
                findings.append(
                    Diagnostic(
                        .malformedExpression, .unterminatedString, at: text.span(of: quote),
                        help: "close it before the '}' of the template"))
                isValid = false
            }
        }
        return isValid ? ParsedTemplate(source: text, segments: segments) : nil
    }

    /// What is wrong with `${}`, and with `${{ x }}`, the form of other tools, unless that is a map.
    private static func misuse(of text: LocatedText, at range: Range<Int>) -> Diagnostic? {
        let whole = text.span(of: range.lowerBound - 2..<range.upperBound + 1)
        let expression = text.text.utf8Text(range)
        let content = expression.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
        if content.isEmpty {
            return Diagnostic(
                .malformedExpression, .emptyTemplate, at: whole,
                help: "write an expression in it; a literal ${ is written $${")
        }
        guard expression.hasPrefix("{"), expression.hasSuffix("}"), content.count > 2 else { return nil }
        let inner = text.slice(range.lowerBound + 1..<range.upperBound - 1)
        var ignored: [Diagnostic] = []
        guard ParsedExpression.parse(text.slice(range), into: &ignored) == nil,
            ParsedExpression.parse(inner, into: &ignored) != nil
        else { return nil }
        let name = String(inner.text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        return Diagnostic(.malformedTemplate, .doubleBraces, at: whole, help: "write ${\(name)}")
    }
}

/// Takes a template apart, without looking into its expressions any more than finding their ends takes.
private struct TemplateScanner {
    enum Piece {
        /// Decoded.
        case literal(String)
        /// Between `${` and `}`.
        case expression(Range<Int>)
        /// A `${` without its `}`.
        case unclosed(Range<Int>)
        /// The quote of a string without its other quote. The rest of the text is skipped, as its structure is unknown.
        case unclosedString(Range<Int>)
    }

    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: LocatedText) { bytes = Array(text.text.utf8) }

    mutating func next() -> Piece? {
        guard offset < bytes.count else { return nil }
        if starts("${") { return expression() }
        var literal: [UInt8] = []
        while offset < bytes.count, !starts("${") {
            if starts("$${") {
                literal += Array("${".utf8)
                offset += 3
            } else {
                literal.append(bytes[offset])
                offset += 1
            }
        }
        return .literal(String(decoding: literal, as: UTF8.self))
    }

    private func starts(_ prefix: String) -> Bool { bytes[offset...].starts(with: prefix.utf8) }

    /// Up to the `}` that no `{` of a map has opened; braces in strings and comments do not count.
    private mutating func expression() -> Piece {
        let start = offset
        offset += 2
        var open = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "}") where open == 0:
                offset += 1
                return .expression(start + 2..<offset - 1)
            case UInt8(ascii: "}"): open -= 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = offset..<offset + 1
                guard skipString() else {
                    offset = bytes.count
                    return .unclosedString(quote)
                }
                continue
            default: break
            }
            offset += 1
        }
        return .unclosed(start..<start + 2)
    }

    /// To behind the closing quote; false where there is none.
    private mutating func skipString() -> Bool {
        let quote = bytes[offset]
        let isRaw = isRawString()
        let isTriple = offset + 2 < bytes.count && bytes[offset + 1] == quote && bytes[offset + 2] == quote
        let length = isTriple ? 3 : 1
        offset += length
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\\"), !isRaw {
                offset += 2
            } else if bytes[offset...].starts(with: repeatElement(quote, count: length)) {
                offset += length
                return true
            } else if bytes[offset] == 0x0A, !isTriple {
                return false
            } else {
                offset += 1
            }
        }
        return false
    }

    /// Whether an `r` that starts a word, or follows a `b` that does, stands before the quote.
    private func isRawString() -> Bool {
        func letter(_ back: Int) -> UInt8 { offset >= back ? bytes[offset - back] | 0x20 : 0 }
        func isWord(_ byte: UInt8) -> Bool {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "_")
        }
        guard letter(1) == UInt8(ascii: "r") else { return false }
        let start = letter(2) == UInt8(ascii: "b") ? 3 : 2
        return offset < start || !isWord(bytes[offset - start])
    }
}

extension Diagnostic.Message {
    fileprivate static var emptyTemplate: Self { Self("an expression is missing between '${' and '}'") }
    fileprivate static var doubleBraces: Self { Self("an expression stands in one pair of braces") }
    fileprivate static var unclosed: Self { Self("'${' has no closing '}'") }
}
