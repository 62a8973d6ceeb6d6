package import Expressions
import JSON

/// The rows of a data file. They are kept as bytes, and become values, maps of their columns, when they are dealt: a file of
/// a million rows costs little more memory than its size.
package final class DataTable: Sendable {
    package enum Format: Sendable {
        /// RFC 4180, the first record naming the columns.
        case csv
        /// One JSON array of objects.
        case json
        /// A JSON object on each line.
        case jsonLines

        /// Names of files end like this.
        package static let endings: [(ending: String, format: Format)] = [
            (".csv", .csv), (".json", .json), (".jsonl", .jsonLines), (".ndjson", .jsonLines),
        ]

        /// The format of a file, by the ending of its name; nil for another one.
        package init?(ofFile name: String) {
            let name = name.lowercased()
            guard let known = Self.endings.first(where: { name.hasSuffix($0.ending) }) else { return nil }
            self = known.format
        }
    }

    enum Rows: Sendable {
        /// The text of all cells behind one another, and where each ends.
        case cells(text: [UInt8], ends: [UInt32])
        /// A JSON text, and where each row stands in it.
        case objects(text: [UInt8], ranges: [Range<UInt32>])
    }

    /// Bytes that a data file may have.
    package static let maximumFileSize = 256 << 20
    /// Columns that a data file may have: a map of its columns is made of each row.
    static let maximumColumnCount = 1_000

    package let columns: DataColumns
    package let rowCount: Int
    private let rows: Rows

    init(columns: DataColumns, rowCount: Int, _ rows: Rows) {
        self.columns = columns
        self.rowCount = rowCount
        self.rows = rows
    }

    /// Reads the content of a file.
    package static func read(_ bytes: [UInt8], as format: Format) throws(DataFaults) -> DataTable {
        switch format {
        case .csv:
            var reader = CSVReader(bytes)
            return try reader.table()
        case .json:
            var reader = JSONRowReader(bytes)
            return try reader.tableOfArray()
        case .jsonLines:
            var reader = JSONRowReader(bytes)
            return try reader.tableOfLines()
        }
    }

    /// The row at an index, as a map of its columns.
    package func row(_ index: Int) -> Value {
        switch rows {
        case .cells(let text, let ends):
            let first = index * columns.names.count
            var start = first == 0 ? 0 : Int(ends[first - 1])
            var entries: [ValueMap.Entry] = []
            entries.reserveCapacity(columns.names.count)
            for (place, name) in columns.names.enumerated() {
                let end = Int(ends[first + place])
                let cell = String(decoding: text[start..<end], as: UTF8.self)
                entries.append(.init(key: .string(name), value: .string(cell)))
                start = end
            }
            return .map(ValueMap(keepingLast: entries))
        case .objects(let text, let ranges):
            let range = ranges[index]
            return text.withUnsafeBytes { bytes in
                let object = UnsafeRawBufferPointer(rebasing: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
                guard let value = try? JSONDocument.parse(object) else {
                    preconditionFailure("a row that was validated is not valid")
                }
                return value
            }
        }
    }
}

/// Something in a data file that keeps it from being read.
package struct DataFault: Hashable, Sendable {
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    package var reason: String
}

/// Why a data file has no rows to deal: its first faults, in the order of the file.
package struct DataFaults: Error, Hashable, Sendable {
    /// That many are told.
    static let limit = 5

    package var faults: [DataFault]
}
