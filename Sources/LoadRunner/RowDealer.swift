package import DataTables
package import Expressions
import Synchronization

/// Deals the rows of one data source, once to the whole run: any loop may ask.
package final class RowDealer: Sendable {
    /// What the plan calls it.
    package let name: String
    private let table: DataTable
    private let sequence: RowSequence
    private let isPerVU: Bool
    /// Rows that were asked for.
    private let asked = Atomic<UInt64>(0)
    private let refused = Atomic<Bool>(false)

    /// - Parameters:
    ///   - isPerVU: whether each virtual user gets one row for good, the one of its own number, so that the same users get the
    ///     same rows whoever starts first.
    ///   - seed: what orders that are not the file's derive from.
    package init(
        name: String, table: DataTable, order: RowSequence.Order, end: RowSequence.End, isPerVU: Bool, seed: RandomSeed
    ) {
        self.name = name
        self.table = table
        self.isPerVU = isPerVU
        sequence = RowSequence(count: table.rowCount, order: order, end: end, seed: seed)
    }

    package var rowCount: Int { table.rowCount }

    /// Whether somebody asked for a row and there was none left.
    package var hasRefused: Bool { refused.load(ordering: .relaxed) }

    /// Whether there is a row for one iteration more, which somebody wants to begin.
    func hasRowsLeft() -> Bool {
        guard !isPerVU, let length = sequence.length, asked.load(ordering: .relaxed) >= length else { return true }
        refused.store(true, ordering: .relaxed)
        return false
    }

    /// The row for an iteration of a user; nil where none is left.
    func deal(toVU id: Int64) -> Value? {
        let number = isPerVU ? UInt64(id - 1) : asked.wrappingAdd(1, ordering: .relaxed).oldValue
        guard let row = sequence.row(number) else {
            refused.store(true, ordering: .relaxed)
            return nil
        }
        return table.row(row)
    }
}
