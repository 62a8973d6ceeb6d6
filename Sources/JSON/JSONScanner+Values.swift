import Glibc

extension JSONScanner {
    /// The decoded text of a string or key.
    package func string(_ token: JSONToken) -> String {
        guard token.hasEscapes else {
            let content = token.range.dropFirst().dropLast()
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[content]), as: UTF8.self)
        }
        var text = ""
        text.reserveCapacity(token.range.count)
        var pieces = pieces(of: token)
        while let piece = pieces.next() {
            switch piece {
            case .verbatim(let range):
                text += String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
            case .escape(let scalar, _): text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Whether a string or key, decoded, is these UTF-8 bytes. Does not allocate.
    package func string(_ token: JSONToken, equals utf8: UnsafeRawBufferPointer) -> Bool {
        guard token.hasEscapes else {
            guard token.range.count == utf8.count + 2 else { return false }
            guard let found = bytes.baseAddress, let wanted = utf8.baseAddress else { return utf8.isEmpty }
            return memcmp(found + token.range.lowerBound + 1, wanted, utf8.count) == 0
        }
        var rest = utf8[...]
        var pieces = pieces(of: token)
        while let piece = pieces.next() {
            switch piece {
            case .verbatim(let range):
                guard rest.starts(with: UnsafeRawBufferPointer(rebasing: bytes[range])) else { return false }
                rest = rest.dropFirst(range.count)
            case .escape(let scalar, _):
                guard rest.starts(with: UTF8.encode(scalar).unsafelyUnwrapped) else { return false }
                rest = rest.dropFirst(UTF8.width(scalar))
            }
        }
        return rest.isEmpty
    }

    /// The value of a number.
    package func number(_ token: JSONToken) -> JSONNumber {
        if let integer = integer(token.range) { return .int(integer) }
        let digits = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[token.range]), as: UTF8.self)
        guard let value = Double(digits) else {
            preconditionFailure("a number that was scanned is none: \(digits)")
        }
        return .double(value)
    }

    /// The stretches of a string or key between its quotes: as they stand, and escapes.
    package func pieces(of token: JSONToken) -> JSONStringPieces {
        JSONStringPieces(bytes: bytes, content: token.range.lowerBound + 1..<token.range.upperBound - 1)
    }

    private func integer(_ range: Range<Int>) -> Int64? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for offset in range.dropFirst(isNegative ? 1 : 0) {
            let byte = bytes[offset]
            guard byte >= UInt8(ascii: "0") else { return nil }  // '.', '+' and '-' are below the digits,
            guard byte <= UInt8(ascii: "9") else { return nil }  // 'e' and 'E' above.
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
