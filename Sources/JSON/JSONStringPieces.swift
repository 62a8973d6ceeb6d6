/// Takes a scanned string apart without decoding all of it.
package struct JSONStringPieces: IteratorProtocol {
    package enum Piece: Hashable, Sendable {
        /// Source bytes that are the text.
        case verbatim(Range<Int>)
        /// An escape, or the two of a surrogate pair, at this place. A lone surrogate is U+FFFD.
        case escape(Unicode.Scalar, Range<Int>)
    }

    private let bytes: UnsafeRawBufferPointer
    private var rest: Range<Int>

    /// `content` lies between the quotes of a string that the scanner has validated.
    init(bytes: UnsafeRawBufferPointer, content: Range<Int>) {
        self.bytes = bytes
        self.rest = content
    }

    package mutating func next() -> Piece? {
        guard !rest.isEmpty else { return nil }
        let start = rest.lowerBound
        guard bytes[start] == UInt8(ascii: "\\") else {
            let end = rest.first { bytes[$0] == UInt8(ascii: "\\") } ?? rest.upperBound
            rest = end..<rest.upperBound
            return .verbatim(start..<end)
        }
        let (scalar, length) = escape(at: start)
        rest = start + length..<rest.upperBound
        return .escape(scalar, start..<start + length)
    }

    private func escape(at start: Int) -> (Unicode.Scalar, length: Int) {
        switch bytes[start + 1] {
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            let unit = UInt32(hexadecimalUnit(in: bytes, at: start + 2) ?? 0xFFFD)
            if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
            guard unit < 0xDC00, let low = lowSurrogate(in: bytes, at: start + 6) else { return ("\u{FFFD}", 6) }
            let value = 0x10000 + (unit - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            return (Unicode.Scalar(value) ?? "\u{FFFD}", 12)
        default: return (Unicode.Scalar(bytes[start + 1]), 2)
        }
    }
}
