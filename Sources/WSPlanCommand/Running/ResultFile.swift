import Diagnostics
import LoadMetrics
import RunReports

/// A file that `--report json=FILE` has written.
enum ResultFile {
    /// Why it cannot be used: the file, the place in it where there is one, and what is wrong there.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// At least one result.
    static func read(_ path: String) throws(Problem) -> [RunRecord] {
        let bytes: [UInt8]
        do throws(PlanFolder.Problem) {
            bytes = try PlanFolder.readFile(path, limit: JSONReport.largest)
        } catch {
            throw Problem(description: "\(path) \(error.reason)")
        }
        let read: Result<[RunRecord], JSONReport.ReadError> = bytes.withUnsafeBytes { bytes in
            do throws(JSONReport.ReadError) { return .success(try JSONReport.read(bytes)) } catch {
                return .failure(error)
            }
        }
        switch read {
        case .success(let records):
            guard !records.isEmpty else { throw Problem(description: "\(path) holds no result") }
            return records
        case .failure(let error):
            let place = SourceFile(name: path, bytes: bytes).position(at: UInt32(clamping: error.offset))
            throw Problem(
                description: "\(path):\(place.line):\(place.column): \(error.problem.escaped(limit: 200))")
        }
    }
}
