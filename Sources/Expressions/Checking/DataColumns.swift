/// What the rows of a data source hold, as far as it is known before the run.
package struct DataColumns: Sendable {
    /// The first row that lacks a column.
    package struct Gap: Hashable, Sendable {
        /// From 1.
        package var row: Int
        /// From 1.
        package var line: Int

        package init(row: Int, line: Int) {
            self.row = row
            self.line = line
        }
    }

    /// Those that at least one row has.
    package var names: [String]
    /// What a cell may be.
    package var types: ValueTypes
    /// The columns that not every row has.
    package var gaps: [String: Gap] = [:]

    package init(names: [String], types: ValueTypes) {
        self.names = names
        self.types = types
    }
}
