import DataTables
import Diagnostics
import EventProgram
import PlanModel

/// Which variable the rows of each data source become: of those that are dealt once for each VU one behind `vu_vars`, of the
/// others one before `vars`.
struct DataSlots {
    /// By the place of the source in the plan.
    let slots: [Int]
    /// Behind what lives as long as the VU.
    let vuEnd: Int
    /// Behind all rows.
    let end: Int

    init(of sources: [DataSource], behind vuVariableCount: Int) {
        vuEnd = vuVariableCount + sources.count { $0.per == .vu }
        end = vuVariableCount + sources.count
        var (nextForVU, nextForIteration) = (vuVariableCount, vuEnd)
        slots = sources.map { source in
            if source.per == .vu {
                nextForVU += 1
                return nextForVU - 1
            }
            nextForIteration += 1
            return nextForIteration - 1
        }
    }

    /// The sources that a program has to be dealt rows of.
    func sources(in plan: Plan, used: Set<String>) -> [Program.DataSource] {
        plan.data.enumerated().filter { used.contains($0.element.name.value) }.map { index, source in
            Program.DataSource(name: source.name.value, index: index, slot: slots[index], words: source.words)
        }
    }
}

extension DataSource {
    /// For the listing: `users.csv, shuffle, per iteration, recycle`.
    fileprivate var words: String {
        "\(file?.value ?? ""), \(order.rawValue), per \(per.rawValue)" + (order == .random ? "" : ", \(end.rawValue)")
    }
}
