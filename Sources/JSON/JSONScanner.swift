/// Pulls the tokens of one JSON document (RFC 8259, strict) out of bytes that it does not own, without a tree,
/// recursion or allocation.
///
/// A scanner is valid as long as the buffer it was made with. After it has thrown it must not be used again.
package struct JSONScanner {
    /// How many arrays and objects may stand within each other (RFC 8259 section 9 allows a limit).
    package static let maximumDepth = 512

    /// What to do with a `\uD800`–`\uDFFF` escape that is not half of a pair (RFC 8259 section 8.2 leaves it open).
    package enum LoneSurrogates: Hashable, Sendable {
        /// They decode as U+FFFD. For what peers send: text cut in the middle of an emoji is no reason to lose the rest.
        case replaced
        /// They are an error. For files.
        case rejected
    }

    let bytes: UnsafeRawBufferPointer
    /// Stored, because a buffer computes it each time.
    private let count: Int
    private let loneSurrogates: LoneSurrogates
    /// Byte offset behind the last token.
    package private(set) var offset = 0
    /// How many arrays and objects are open.
    package private(set) var depth = 0
    /// One bit for each open container, 1 for an object.
    private var objectBits = InlineArray<8, UInt64>(repeating: 0)
    /// Whether the innermost open container is an object.
    private var isInObject = false
    private var expectation = Expectation.value

    private enum Expectation {
        case value
        case firstElementOrEnd
        case firstKeyOrEnd
        /// Behind an element or member: a comma or the container's end; on level 0 the end of the document.
        case separatorOrEnd
        case colon
    }

    package init(_ bytes: UnsafeRawBufferPointer, loneSurrogates: LoneSurrogates = .replaced) {
        self.bytes = bytes
        count = bytes.count
        self.loneSurrogates = loneSurrogates
    }

    /// The next token, or nil behind the end of the document.
    package mutating func next() throws(JSONError) -> JSONToken? {
        skipWhitespace()
        // Keys and values are read in one place each, into which their reading is inlined: for an object of four members that
        // saves a fifth of all instructions.
        var isKey = false
        switch expectation {
        case .value: break
        case .firstElementOrEnd:
            if peek() == UInt8(ascii: "]") { return close(.endArray) }
        case .firstKeyOrEnd:
            if peek() == UInt8(ascii: "}") { return close(.endObject) }
            isKey = true
        case .colon:
            guard peek() == UInt8(ascii: ":") else { throw missing(.expectedColon) }
            offset += 1
            skipWhitespace()
        case .separatorOrEnd:
            guard depth > 0 else {
                guard let byte = peek() else { return nil }
                throw unexpected(byte, otherwise: .trailingContent)
            }
            let end = isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            if peek() == end { return close(isInObject ? .endObject : .endArray) }
            try separator(before: end)
            isKey = isInObject
        }
        return isKey ? try key() : try value()
    }

    /// Goes on to the end of the container that `token`, the last one, has opened, and gives a token that spans all of
    /// it. Another token is complete already; after a key its value follows as it would have.
    @discardableResult
    package mutating func skip(restOf token: JSONToken) throws(JSONError) -> JSONToken {
        guard token.kind == .beginObject || token.kind == .beginArray else { return token }
        let outside = depth - 1
        while depth > outside { _ = try next() }
        return JSONToken(token.kind, token.range.lowerBound..<offset)
    }

    // MARK: - Grammar

    @inline(__always)
    private mutating func value() throws(JSONError) -> JSONToken {
        guard let byte = peek() else {
            throw JSONError(depth == 0 ? .emptyDocument : .unexpectedEnd, at: offset)
        }
        switch byte {
        case UInt8(ascii: "{"): return try open(.beginObject)
        case UInt8(ascii: "["): return try open(.beginArray)
        case UInt8(ascii: "\""):
            expectation = .separatorOrEnd
            return try quoted(.string)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            expectation = .separatorOrEnd
            return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            expectation = .separatorOrEnd
            return try literal()
        case UInt8(ascii: "+"), UInt8(ascii: "."): throw JSONError(.malformedNumber, at: offset)
        case 0xEF where offset == 0: throw JSONError(.byteOrderMark, at: 0)
        default: throw unexpected(byte, otherwise: .unexpectedByte(byte))
        }
    }

    @inline(__always)
    private mutating func key() throws(JSONError) -> JSONToken {
        guard peek() == UInt8(ascii: "\"") else { throw missing(.expectedKey) }
        expectation = .colon
        return try quoted(.key)
    }

    @inline(__always)
    private mutating func separator(before end: UInt8) throws(JSONError) {
        guard peek() == UInt8(ascii: ",") else {
            throw missing(isInObject ? .expectedCommaOrEndOfObject : .expectedCommaOrEndOfArray)
        }
        let comma = offset
        offset += 1
        skipWhitespace()
        if peek() == end { throw JSONError(.trailingComma, at: comma) }
    }

    private mutating func open(_ kind: JSONToken.Kind) throws(JSONError) -> JSONToken {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        let bit: UInt64 = 1 << UInt64(depth & 63)
        if kind == .beginObject { objectBits[depth >> 6] |= bit } else { objectBits[depth >> 6] &= ~bit }
        depth += 1
        isInObject = kind == .beginObject
        expectation = isInObject ? .firstKeyOrEnd : .firstElementOrEnd
        offset += 1
        return JSONToken(kind, offset - 1..<offset)
    }

    private mutating func close(_ kind: JSONToken.Kind) -> JSONToken {
        depth -= 1
        isInObject = depth > 0 && objectBits[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0
        expectation = .separatorOrEnd
        offset += 1
        return JSONToken(kind, offset - 1..<offset)
    }

    // MARK: - Scalars

    @inline(never)
    private mutating func literal() throws(JSONError) -> JSONToken {
        let start = offset
        while let byte = peek(), isWordByte(byte) { offset += 1 }
        let word = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        let kind: JSONToken.Kind
        if word.elementsEqual("true".utf8) {
            kind = .true
        } else if word.elementsEqual("false".utf8) {
            kind = .false
        } else if word.elementsEqual("null".utf8) {
            kind = .null
        } else {
            throw JSONError(.malformedLiteral, at: start)
        }
        return JSONToken(kind, start..<offset)
    }

    private mutating func number() throws(JSONError) -> JSONToken {
        let start = offset
        if peek() == UInt8(ascii: "-") { offset += 1 }
        let firstDigit = offset
        let integerDigits = skipDigits()
        guard integerDigits > 0 else { throw JSONError(.malformedNumber, at: offset) }
        if integerDigits > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw JSONError(.leadingZero, at: firstDigit) }
        if peek() == UInt8(ascii: ".") {
            offset += 1
            guard skipDigits() > 0 else { throw JSONError(.malformedNumber, at: offset) }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            offset += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
            guard skipDigits() > 0 else { throw JSONError(.malformedNumber, at: offset) }
        }
        if let byte = peek(), isWordByte(byte) || byte == UInt8(ascii: ".") {
            throw JSONError(.malformedNumber, at: offset)
        }
        return JSONToken(.number, start..<offset)
    }

    @inline(__always)
    private mutating func quoted(_ kind: JSONToken.Kind) throws(JSONError) -> JSONToken {
        let start = offset
        var hasEscapes = false
        offset += 1
        skipPlainText()
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return JSONToken(kind, start..<offset, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(in: start)
            case 0x00..<0x20: throw JSONError(.controlCharacter(byte), at: offset)
            case 0x20..<0x80:
                offset += 1
                skipPlainText()
            default:
                let length = utf8SequenceLength(in: bytes, at: offset)
                guard length > 0 else { throw JSONError(.invalidUTF8, at: offset) }
                offset += length
            }
        }
        throw JSONError(.unterminatedString, at: start)
    }

    /// Validates one escape and steps over it; over two where they are a surrogate pair.
    @inline(never)
    private mutating func escape(in string: Int) throws(JSONError) {
        let start = offset
        guard start + 1 < bytes.count else { throw JSONError(.unterminatedString, at: string) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard let unit = hexadecimalUnit(in: bytes, at: start + 2) else {
                throw JSONError(.malformedEscape, at: start)
            }
            offset += 6
            guard unit & 0xF800 == 0xD800 else { return }
            if unit < 0xDC00, lowSurrogate(in: bytes, at: offset) != nil {
                offset += 6
            } else if loneSurrogates == .rejected {
                throw JSONError(.loneSurrogate, at: start)
            }
        default: throw JSONError(.malformedEscape, at: start)
        }
    }

    // MARK: - Bytes

    @inline(__always)
    private func peek() -> UInt8? { offset < count ? bytes[offset] : nil }

    @inline(__always)
    private mutating func skipWhitespace() {
        // Between the tokens of a message there mostly is none.
        if let byte = peek(), byte > 0x20 { return }
        while offset < count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset &+= 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func skipDigits() -> Int {
        let start = offset
        while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { offset &+= 1 }
        return offset - start
    }

    /// Within a string: goes on to the next byte that is not a character of its own, which is a quote, a backslash, a control
    /// character or a part of a longer UTF-8 sequence, or to the last eight bytes. Eight bytes at a time: byte by byte this
    /// was half of what looking something up in a message cost.
    @inline(__always)
    private mutating func skipPlainText() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while offset &+ 8 <= count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            // The highest bit of a byte that is sought is set; above the lowest one of them it may be set by a carry.
            let isZero = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            let isControl = (word &- ones &* 0x20) & ~word
            let found = (isZero | isControl | word) & (ones &* 0x80)
            guard found == 0 else {
                offset += found.trailingZeroBitCount / 8
                return
            }
            offset &+= 8
        }
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The error for something that is not what the grammar asks for here.
    @inline(never)
    private func missing(_ reason: JSONError.Reason) -> JSONError {
        guard let byte = peek() else { return JSONError(.unexpectedEnd, at: offset) }
        return unexpected(byte, otherwise: reason)
    }

    /// Says what the byte was probably meant to be, where other dialects of JSON have it.
    @inline(never)
    private func unexpected(_ byte: UInt8, otherwise reason: JSONError.Reason) -> JSONError {
        switch byte {
        case UInt8(ascii: "/"): JSONError(.comment, at: offset)
        case UInt8(ascii: "#"): JSONError(.comment, at: offset)
        case UInt8(ascii: "'"): JSONError(.singleQuotes, at: offset)
        default: JSONError(reason, at: offset)
        }
    }
}
