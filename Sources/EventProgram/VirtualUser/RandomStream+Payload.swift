import Expressions

/// Payloads of chance.
extension RandomStream {
    /// Eight bytes a number of the stream.
    mutating func appendBytes(_ count: Int, to output: inout [UInt8]) {
        output.reserveCapacity(output.count + count)
        var rest = count
        while rest > 0 {
            withUnsafeBytes(of: next().littleEndian) { output += $0.prefix(rest) }
            rest -= 8
        }
    }

    /// Printable ASCII characters, space among them.
    mutating func appendCharacters(_ count: Int, to output: inout [UInt8]) {
        let printable = UInt8(ascii: " ")...UInt8(ascii: "~")
        output.reserveCapacity(output.count + count)
        for _ in 0..<count {
            output.append(printable.lowerBound + UInt8(next(below: UInt64(printable.count))))
        }
    }
}
