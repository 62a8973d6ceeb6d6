/// A place as people and editors count it: lines and columns from 1, a column a Unicode scalar.
package struct SourcePosition: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// The name and bytes of one plan file, and where its lines start.
package struct SourceFile: Sendable {
    package static let standardInputName = "<stdin>"

    /// As the user wrote it on the command line; `<stdin>` for `-`.
    package let name: String
    package let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many scalars begin before each multiple of `stride`: a column far out in a line of megabytes (a plan in JSON may
    /// be one line) is not counted from its start.
    private let scalarCounts: [Int]
    private static let stride = 1_024

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        // A byte order mark is no character of the first line.
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        var counts: [Int] = []
        var count = 0
        for (offset, byte) in bytes.enumerated() {
            if offset.isMultiple(of: Self.stride) { counts.append(count) }
            if Self.isScalarStart(byte) { count += 1 }
            if byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        }
        lineStarts = starts
        scalarCounts = counts
    }

    /// Line and column of a byte offset; one beyond the end is the end.
    package func position(at offset: UInt32) -> SourcePosition {
        let offset = max(lineStarts[0], min(Int(offset), bytes.count))
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourcePosition(line: low + 1, column: scalarCount(in: lineStarts[low]..<offset) + 1)
    }

    /// The byte offset at which a line (from 1) starts; the end of the file for one that it does not have.
    package func offset(ofLine line: Int) -> UInt32 {
        UInt32(line >= 1 && line <= lineStarts.count ? lineStarts[line - 1] : bytes.count)
    }

    /// The bytes of a line (from 1) without its line break.
    package func line(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[start..<end]
    }

    /// The source text of a span.
    package func text(of span: SourceSpan) -> String {
        String(decoding: bytes[span.range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    private func scalarCount(in range: Range<Int>) -> Int {
        scalarCount(before: range.upperBound) - scalarCount(before: range.lowerBound)
    }

    private func scalarCount(before offset: Int) -> Int {
        guard offset > 0 else { return 0 }
        let mark = (offset - 1) / Self.stride
        return scalarCounts[mark] + bytes[mark * Self.stride..<offset].count(where: Self.isScalarStart)
    }

    private static func isScalarStart(_ byte: UInt8) -> Bool { byte & 0b1100_0000 != 0b1000_0000 }
}
