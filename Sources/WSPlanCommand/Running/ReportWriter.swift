import Diagnostics
import Glibc
import LoadMetrics
import RunReports

/// Writes what `--report` asks for, once all plans have run: each file holds all of them.
final class ReportWriter {
    private let reports: [ReportDestination.Handle]
    private var runs: [JUnitReport.Run] = []
    /// Whether everything was written that will be.
    private(set) var isDone = false

    init(_ reports: [ReportDestination.Handle]) { self.reports = reports }

    /// Adds the run of a plan, and writes the files behind the last one.
    ///
    /// - Returns: why files could not be written.
    func add(_ summary: RunSummary, plan: SourceFile, isLast: Bool) -> [Verdict.Reason] {
        runs.append(JUnitReport.Run(summary, plan: plan))
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
        case .json:
            guard let run = runs.first, runs.count == 1 else { preconditionFailure("\(runs.count) runs in one file") }
            return JSONReport.render(run.summary, plan: run.plan)
        case .junit: return JUnitReport.render(runs, host: Self.hostName, version: WSPlan.version)
        }
    }

    /// Empty where the system does not say.
    private static var hostName: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
