import Expressions
import JSON

/// Reads rows that are JSON objects: the elements of one array, or one a line. Nothing is made of them yet.
struct JSONRowReader {
    private let bytes: [UInt8]
    private var faults = FaultCollector()
    private var columns = ColumnRegister()
    private var ranges: [Range<UInt32>] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func tableOfArray() throws(DataFaults) -> DataTable {
        let start = bytes.startOfText
        read(start..<bytes.count) { reader, scanner throws(JSONError) in
            guard let first = try scanner.next() else { return }
            guard first.kind == .beginArray else {
                reader.faults.add(
                    "an array of objects should stand here; one object a line is a file *.jsonl", at: start)
                return
            }
            while let token = try scanner.next(), token.kind != .endArray, !reader.faults.isFull {
                try reader.readRow(token, &scanner, offset: start)
            }
            // What follows the array is an error of its own.
            if reader.faults.isEmpty { _ = try scanner.next() }
        }
        return try table()
    }

    mutating func tableOfLines() throws(DataFaults) -> DataTable {
        var start = bytes.startOfText
        while start < bytes.count, !faults.isFull {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if !bytes[start..<end].allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) {
                let start = start
                read(start..<end) { reader, scanner throws(JSONError) in
                    guard let first = try scanner.next() else { return }
                    try reader.readRow(first, &scanner, offset: start)
                    _ = try scanner.next()
                }
            }
            start = end + 1
        }
        return try table()
    }

    /// Has one JSON text read, and notes where it is none.
    private mutating func read(
        _ range: Range<Int>, _ body: (inout JSONRowReader, inout JSONScanner) throws(JSONError) -> Void
    ) {
        let bytes = bytes
        bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: bytes[range]), loneSurrogates: .rejected)
            do throws(JSONError) {
                try body(&self, &scanner)
            } catch {
                faults.add("\(error.reason)", at: range.lowerBound + error.offset)
            }
        }
    }

    /// The row that `token` begins. Offsets of the scanner count from `offset`.
    private mutating func readRow(
        _ token: JSONToken, _ scanner: inout JSONScanner, offset: Int
    ) throws(JSONError) {
        let start = offset + token.range.lowerBound
        guard token.kind == .beginObject else {
            try scanner.skip(restOf: token)
            faults.add("row \(ranges.count + 1) is no object", at: start)
            return
        }
        columns.beginRow()
        while let key = try scanner.next(), key.kind == .key {
            if !columns.note(key, of: scanner) {
                faults.add("the row has '\(scanner.string(key))' twice", at: offset + key.range.lowerBound)
            }
            if let value = try scanner.next() { try scanner.skip(restOf: value) }
        }
        columns.endRow(ranges.count, at: start)
        if columns.names.count > DataTable.maximumColumnCount {
            faults.add("there are more than \(DataTable.maximumColumnCount) columns", at: start, isLast: true)
        }
        ranges.append(UInt32(start)..<UInt32(offset + scanner.offset))
    }

    private func table() throws(DataFaults) -> DataTable {
        var faults = faults
        if faults.isEmpty, ranges.isEmpty { faults.add("there is no row in the file", at: bytes.startOfText) }
        guard faults.isEmpty else { throw faults.located(in: bytes) }
        return DataTable(
            columns: columns.columns(in: bytes), rowCount: ranges.count, .objects(text: bytes, ranges: ranges))
    }
}
