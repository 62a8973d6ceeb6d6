/// Rows of cells under each other, the columns as wide as they need to be.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    struct Cell {
        var text: String
        var emphasis: Emphasis

        init(_ text: String, _ emphasis: Emphasis = .none) {
            self.text = text
            self.emphasis = emphasis
        }
    }

    private let alignments: [Alignment]
    private let indentation: Int
    private var rows: [[Cell]] = []

    /// - Parameter alignments: one for each column.
    init(_ alignments: [Alignment], indentation: Int = 2) {
        self.alignments = alignments
        self.indentation = indentation
    }

    /// Adds a row; cells that it does not have stay empty.
    mutating func add(_ row: [Cell]) { rows.append(row) }

    /// The columns of the widest line, with indentation.
    var width: Int { indentation + columnWidths.reduce(0, +) + 2 * max(0, alignments.count - 1) }

    private var columnWidths: [Int] {
        alignments.indices.map { column in
            rows.map { $0.indices.contains(column) ? $0[column].text.columnCount : 0 }.max() ?? 0
        }
    }

    /// One line for each row, without spaces at its end.
    func lines(_ style: ReportStyle) -> [String] {
        let widths = columnWidths
        return rows.map { row in
            var line = String(repeating: " ", count: indentation)
            var due = 0  // Spaces that only come when something follows them.
            for (column, cell) in row.enumerated() {
                let padding = widths[column] - cell.text.columnCount
                let before = alignments[column] == .right ? padding : 0
                if !cell.text.isEmpty {
                    line += String(repeating: " ", count: due + before) + cell.emphasis.applied(to: cell.text, style)
                    due = padding - before
                } else {
                    due += widths[column]
                }
                due += 2
            }
            return line
        }
    }
}

extension String {
    /// How many columns of a terminal it takes, wide characters aside.
    var columnCount: Int {
        unicodeScalars.count { $0.properties.generalCategory != .nonspacingMark }
    }
}
