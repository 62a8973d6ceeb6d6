import Diagnostics

extension Lexer {
    /// `12`, `0x1F`, `12u`, `1.5`, `.5`, `1e9`.
    mutating func number() throws(SyntaxError) -> Token {
        let start = offset
        if peek() == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X") {
            return try hexadecimal()
        }
        skipDigits()
        var isDouble = false
        if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
            isDouble = true
            offset += 1
            skipDigits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if isDigit(peek(signed ? 2 : 1)) {
                isDouble = true
                offset += signed ? 2 : 1
                skipDigits()
            }
        }
        if isDouble {
            let digits = start..<offset
            try refuseSuffix(of: digits)
            guard let value = Double(text(digits)), value.isFinite else {
                throw SyntaxError(.numberOutOfRange("a double"), at: digits, help: "a double is at most about 1.8e308")
            }
            return Token(kind: .double(value), range: digits)
        }
        return try integer(digits: start..<offset, from: start, radix: 10)
    }

    private mutating func hexadecimal() throws(SyntaxError) -> Token {
        let start = offset
        offset += 2
        let digits = offset
        while let byte = peek(), hexadecimalValue(byte) != nil { offset += 1 }
        guard digits < offset else {
            throw SyntaxError(.noHexadecimalDigits, at: start..<offset, help: "for example 0x1F")
        }
        return try integer(digits: digits..<offset, from: start, radix: 16)
    }

    /// `uint` where a `u` follows the digits.
    private mutating func integer(digits: Range<Int>, from start: Int, radix: Int) throws(SyntaxError) -> Token {
        let isUnsigned = peek() == UInt8(ascii: "u") || peek() == UInt8(ascii: "U")
        if isUnsigned { offset += 1 }
        try refuseSuffix(of: start..<offset)
        guard let value = UInt64(text(digits), radix: radix) else {
            throw SyntaxError(
                .numberOutOfRange(isUnsigned ? "a uint" : "an int"), at: start..<offset,
                help: "larger numbers are doubles, with a '.' or an exponent: 1e20")
        }
        return Token(kind: isUnsigned ? .uint(value) : .int(value), range: start..<offset)
    }

    /// A name cannot follow a number directly.
    private func refuseSuffix(of number: Range<Int>) throws(SyntaxError) {
        guard isNamePart(peek()) else { return }
        var end = offset
        while end < bytes.count, isNamePart(bytes[end]) { end += 1 }
        let suffix = text(offset..<end)
        let help =
            switch suffix {
            case "us", "ms", "s", "m", "h": "times are plain numbers in expressions, of the unit that the name says"
            case _ where suffix.hasPrefix("_"): "digits are not grouped: \(text(number))\(suffix.filter { $0 != "_" })"
            default: "a name does not begin with a digit; a text stands in quotes"
            }
        throw SyntaxError(.numberWithSuffix(text(number), suffix), at: number.lowerBound..<end, help: help)
    }

    private mutating func skipDigits() {
        while isDigit(peek()) { offset += 1 }
    }

    func hexadecimalValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension Diagnostic.Message {
    static func numberOutOfRange(_ type: String) -> Self { Self("this number is beyond the range of \(type)") }
    fileprivate static var noHexadecimalDigits: Self { Self("hexadecimal digits are missing after 0x") }
    fileprivate static func numberWithSuffix(_ number: String, _ suffix: String) -> Self {
        Self("'\(suffix)' cannot follow the number \(number)")
    }
}
