import DataTables
import Diagnostics
import Digests
import PlanModel

extension Plan {
    /// Reads the data files of the plan from its folder, and says why one cannot be used: at the place where the plan names it,
    /// with the line and column in the file.
    mutating func readData(from folder: PlanFolder) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for index in data.indices {
            guard let file = data[index].file, let format = data[index].format else { continue }
            do throws(PlanFolder.Problem) {
                let bytes = try folder.read(file.value, limit: DataTable.maximumFileSize)
                data[index].digest = sha256(bytes)
                do throws(DataFaults) {
                    data[index].table = try DataTable.read(bytes, as: format)
                } catch {
                    findings += error.faults.map { fault in
                        Diagnostic(
                            .unusableData, .fault(fault, in: file.value), at: file.span, help: Self.help(for: format))
                    }
                }
            } catch {
                findings.append(
                    Diagnostic(
                        .unusableData, .unreadable(file.value, error.reason), at: file.span, help: error.help))
            }
        }
        return findings
    }

    private static func help(for format: DataTable.Format) -> String {
        switch format {
        case .csv: "a CSV file has the names of its columns on the first line, and a row of as many cells on each other"
        case .json: "a JSON file holds one array, whose elements are objects"
        case .jsonLines: "a JSON Lines file holds an object on each line"
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func fault(_ fault: DataFault, in file: String) -> Self {
        Self("\(file):\(fault.line):\(fault.column): \(fault.reason)")
    }

    fileprivate static func unreadable(_ file: String, _ reason: String) -> Self { Self("'\(file)' \(reason)") }
}
