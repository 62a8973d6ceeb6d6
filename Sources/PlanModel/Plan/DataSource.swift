package import DataTables
package import Diagnostics

/// A file of rows that virtual users are dealt, `data.NAME`.
package struct DataSource: Sendable {
    /// When a virtual user gets a row.
    package enum Lifetime: String, CaseIterable, Sendable {
        /// At the start of each iteration another one.
        case iteration
        /// At its first start, for good.
        case vu
    }

    package var name: Located<String>
    /// As written, relative to the plan's folder; nil where it is not known, or wrong.
    package var file: Located<String>?
    package var order = RowSequence.Order.sequential
    package var per = Lifetime.iteration
    package var end = RowSequence.End.recycle
    /// What is in the file, once somebody has read it.
    package var table: DataTable?
    /// SHA-256 of the file, once somebody has read it.
    package var digest: [UInt8]?

    package init(name: Located<String>) { self.name = name }
}

extension DataSource {
    /// How its file is read; nil where that is not known.
    package var format: DataTable.Format? { file.flatMap { DataTable.Format(ofFile: $0.value) } }
}
