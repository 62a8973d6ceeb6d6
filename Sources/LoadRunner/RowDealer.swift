package import DataTables
import EventProgram
package import Expressions
import Synchronization

/// Deals the rows of one data source, once to the whole run: any loop may ask.
package final class RowDealer: Sendable {
    /// What the plan calls it.
    package let name: String
    private let table: DataTable
    private let sequence: RowSequence
    /// Whether each user has one row for good.
    package let isPerVU: Bool
    /// Which of the rows that are dealt one by one are for this process to deal.
    private let share: Share
    /// Rows that were asked for.
    private let asked = Atomic<Int64>(0)
    private let refused = Atomic<Bool>(false)

    /// - Parameters:
    ///   - isPerVU: whether each virtual user gets one row for good, the one of its own number, so that the same users get the
    ///     same rows whoever starts first.
    ///   - share: the part of the run that this process has.
    ///   - readers: the most users of a scenario that reads the source. Where they are fewer than the parts, those parts
    ///     that have one share all rows, as they do iterations and arrivals.
    ///   - seed: what orders that are not the file's derive from.
    package init(
        name: String, table: DataTable, order: RowSequence.Order, end: RowSequence.End, isPerVU: Bool,
        share: Share, readers: Int64, seed: RandomSeed
    ) {
        self.name = name
        self.table = table
        self.isPerVU = isPerVU
        // A part without readers is never asked.
        self.share = share.amongUsers(readers) ?? share
        sequence = RowSequence(count: table.rowCount, order: order, end: end, seed: seed)
    }

    package var rowCount: Int { table.rowCount }

    /// Whether somebody wanted a row and there was none left.
    package var hasRefused: Bool { refused.load(ordering: .relaxed) }

    /// Whether there is a row for one iteration more. Each user has its own of a source that is per VU, or has none at all.
    var hasRowsLeft: Bool {
        guard !isPerVU, let length = sequence.length else { return true }
        // What whoever asked for a row did before is seen by whoever sees that it did.
        return asked.load(ordering: .acquiring) < share.count(below: Int64(length))
    }

    /// Whether there is a row for one iteration more of a user, whose number counts from 0.
    func hasRow(forUser number: Int64) -> Bool {
        guard isPerVU, let length = sequence.length else { return hasRowsLeft }
        return number < Int64(length)
    }

    /// Whether rows have run out, and somebody would have had one.
    var hasRunOut: Bool { hasRefused && !hasRowsLeft }

    /// Somebody would have begun an iteration, had there been a row for it.
    func noteRefusal() { refused.store(true, ordering: .relaxed) }

    /// The row for an iteration of a user; nil where none is left.
    func deal(toUser number: Int64) -> Value? {
        let ordinal = isPerVU ? number : share.number(asked.wrappingAdd(1, ordering: .releasing).oldValue)
        guard let row = sequence.row(UInt64(ordinal)) else {
            noteRefusal()
            return nil
        }
        return table.row(row)
    }
}

/// Where a scenario gets the rows of one data source from.
package struct RowSource: Sendable {
    package var dealer: RowDealer
    /// How many users the scenarios before this one have that read the same source: rows are dealt once to the whole run,
    /// and every scenario counts its users from 1.
    package var usersBefore: Int64

    package init(_ dealer: RowDealer, usersBefore: Int64 = 0) {
        self.dealer = dealer
        self.usersBefore = usersBefore
    }

    /// What a user is for the dealer, from 0.
    func number(of user: borrowing VirtualUser) -> Int64 { usersBefore + user.id - 1 }
}
