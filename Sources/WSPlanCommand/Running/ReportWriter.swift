import LoadMetrics
import RunReports

/// Writes what `--report` asks for, once there are all results: each file holds all of them.
final class ReportWriter {
    private let reports: [ReportDestination.Handle]
    /// Whether a file holds a list of results, as it does wherever several were asked for.
    private let isList: Bool
    private var runs: [JSONReport.Run] = []
    /// Whether everything was written that will be.
    private(set) var isDone = false

    /// Opens the files before there is anything to write, so that a long run is not lost to a mistyped path.
    ///
    /// - Returns: nil where one cannot be opened, which is said.
    init?(_ destinations: [ReportDestination], isList: Bool, console: Console) {
        var handles: [ReportDestination.Handle] = []
        for destination in destinations {
            do throws(Console.WriteError) {
                handles.append(try destination.open())
            } catch {
                console.complain("wsplan: cannot write the report \(destination.path): \(error.reason)")
                return nil
            }
        }
        reports = handles
        self.isList = isList
    }

    /// Adds a result, and writes the files behind the last one.
    ///
    /// - Returns: why files could not be written.
    func add(_ run: JSONReport.Run, isLast: Bool) -> [Verdict.Reason] {
        runs.append(run)
        guard isLast else { return [] }
        isDone = true
        var reasons: [Verdict.Reason] = []
        for report in reports {
            do throws(Console.WriteError) {
                try report.write(rendered(as: report.destination.format))
            } catch {
                let reason = Verdict.Reason(
                    .reportNotWritten, "cannot write the report \(report.destination.path): \(error.reason)")
                reasons.append(reason)
            }
        }
        return reasons
    }

    private func rendered(as format: ReportDestination.Format) -> [UInt8] {
        switch format {
        case .json: JSONReport.render(runs, isList: isList)
        case .junit:
            JUnitReport.render(
                runs.map { JUnitReport.Run($0.summary, plan: $0.record.plan.source) }, host: HostFacts.current.name,
                version: WSPlan.version)
        }
    }
}
