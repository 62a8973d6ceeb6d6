import Diagnostics
import Expressions
import JSON

/// The columns of rows that name theirs themselves, and which rows lack which. The work grows with the number of members, not
/// with rows times columns.
struct ColumnRegister {
    /// In the order in which they appeared.
    private(set) var names: [String] = []
    private var nameBytes: [[UInt8]] = []
    private var places: [[UInt8]: Int] = [:]
    /// For each column the last row that has it.
    private var lastRows: [Int] = []
    /// The columns that no row has lacked so far.
    private var complete: [Int] = []
    /// The first row that lacks a column, and where it begins.
    private var gaps: [Int: (row: Int, offset: Int)] = [:]
    private var row = -1
    private var firstRowOffset = 0
    private var membersInRow = 0

    mutating func beginRow() {
        row += 1
        membersInRow = 0
    }

    /// Notes a member of the row. False where the row has it already.
    mutating func note(_ key: JSONToken, of scanner: JSONScanner) -> Bool {
        // Rows name their columns in one order as a rule: nothing is allocated then.
        let guess = membersInRow
        membersInRow += 1
        if guess < names.count, lastRows[guess] != row,
            nameBytes[guess].withUnsafeBytes({ scanner.string(key, equals: $0) })
        {
            lastRows[guess] = row
            return true
        }
        let name = scanner.string(key)
        let bytes = Array(name.utf8)
        guard let place = places[bytes] else {
            places[bytes] = names.count
            if row == 0 { complete.append(names.count) } else { gaps[names.count] = (0, firstRowOffset) }
            names.append(name)
            nameBytes.append(bytes)
            lastRows.append(row)
            return true
        }
        defer { lastRows[place] = row }
        return lastRows[place] != row
    }

    mutating func endRow(_ index: Int, at offset: Int) {
        if index == 0 { firstRowOffset = offset }
        guard complete.contains(where: { lastRows[$0] != row }) else { return }
        for place in complete where lastRows[place] != row { gaps[place] = (index, offset) }
        complete.removeAll { gaps[$0] != nil }
    }

    func columns(in bytes: [UInt8]) -> DataColumns {
        guard !gaps.isEmpty else { return DataColumns(names: names, types: .any) }
        let file = SourceFile(name: "", bytes: bytes)
        var columns = DataColumns(names: names, types: .any)
        for (place, gap) in gaps {
            let line = file.position(at: UInt32(gap.offset)).line
            columns.gaps[names[place]] = DataColumns.Gap(row: gap.row + 1, line: line)
        }
        return columns
    }
}
