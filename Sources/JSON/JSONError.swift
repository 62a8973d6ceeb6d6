/// Why bytes are not one JSON document, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case emptyDocument
        case unexpectedEnd
        case unexpectedByte(UInt8)
        /// Something behind the document's one value.
        case trailingContent
        case expectedKey
        case expectedColon
        case expectedCommaOrEndOfObject
        case expectedCommaOrEndOfArray
        /// `[1,]` or `{"a":1,}`.
        case trailingComma
        case comment
        case singleQuotes
        case malformedLiteral
        case leadingZero
        case malformedNumber
        case unterminatedString
        case controlCharacter(UInt8)
        case malformedEscape
        case loneSurrogate
        case invalidUTF8
        case byteOrderMark
        /// Arrays and objects within each other beyond ``JSONScanner/maximumDepth``.
        case tooDeep
    }

    package var reason: Reason
    /// Byte offset into what was scanned.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason) (at byte \(offset))" }
}

extension JSONError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyDocument: "there is no JSON value"
        case .unexpectedEnd: "the JSON ends too early"
        case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte)) where a JSON value should stand"
        case .trailingContent: "unexpected text after the JSON value"
        case .expectedKey: "a key in double quotes should stand here"
        case .expectedColon: "':' is missing after the key"
        case .expectedCommaOrEndOfObject: "',' or '}' is missing"
        case .expectedCommaOrEndOfArray: "',' or ']' is missing"
        case .trailingComma: "JSON has no comma after the last element"
        case .comment: "JSON has no comments"
        case .singleQuotes: "JSON strings stand in double quotes"
        case .malformedLiteral: "unknown word: JSON has only true, false and null"
        case .leadingZero: "a JSON number does not start with a superfluous zero"
        case .malformedNumber: "malformed number"
        case .unterminatedString: "the string has no closing quote"
        case .controlCharacter(let byte): "\(Self.name(of: byte)) in a string has to be written as an escape"
        case .malformedEscape: "unknown escape in a string"
        case .loneSurrogate: "half of a surrogate pair stands alone"
        case .invalidUTF8: "the bytes are not valid UTF-8"
        case .byteOrderMark: "unexpected byte order mark"
        case .tooDeep: "more than \(JSONScanner.maximumDepth) levels of arrays and objects"
        }
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case 0x09: "a tab"
        case 0x0A: "a line break"
        case 0x0D: "a carriage return"
        case 0x21..<0x7F: "'\(Unicode.Scalar(byte))'"
        default: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}
