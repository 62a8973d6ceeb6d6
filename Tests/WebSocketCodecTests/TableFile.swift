import TestSupport
import Testing

/// A row of a table in a fixture: ` | ` between its columns, the first of which names it. `#` begins a comment.
struct TableRow: CustomTestStringConvertible, Sendable {
    let columns: [String]

    var testDescription: String { columns[0] }

    static func all(in file: String, columns: Int) -> [TableRow] {
        guard let text = try? TextFile.read(Fixture(file).path) else { preconditionFailure("cannot read \(file)") }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = (line + " ").split(separator: "|", omittingEmptySubsequences: false).map {
                String($0.dropFirst($0.hasPrefix(" ") ? 1 : 0).dropLast($0.hasSuffix(" ") ? 1 : 0))
            }
            precondition(fields.count == columns, "\(file): \(line)")
            return TableRow(columns: fields)
        }
    }

    /// Every row has a name of its own, and no two ask for the same thing.
    static func expectNoTwins(_ rows: [TableRow], file: String) {
        #expect(Set(rows.map { $0.columns[0] }).count == rows.count, "two rows of \(file) have the same name")
        let questions = Set(rows.map { $0.columns.dropFirst().dropLast() })
        #expect(questions.count == rows.count, "two rows of \(file) are alike")
    }
}
