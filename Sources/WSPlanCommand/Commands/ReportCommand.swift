import ArgumentParser
import Glibc
import LoadMetrics
import RunReports

struct ReportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Judges results that were written before, and merges those of a run's shards.",
        discussion: """
            Takes what run --report json=FILE has written: the results of all shards of one run, or one result of a whole run. \
            Prints what the run would have printed as a whole, and ends with its exit code. A result that is damaged, or not \
            of the same run as the others, is refused with exit code 2; one whose counts do not add up ends with 70.
            """)

    @Argument(help: ArgumentHelp("Results, as --report json=FILE writes them.", valueName: "result"))
    var paths: [String]

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Also writes the result to a file: json=FILE or junit=FILE.", valueName: "FORMAT=FILE"))
    var reports: [ReportDestination] = []

    @Flag(help: "Judges thresholds also where the generator was the bottleneck: exit code 1 and not 4.")
    var allowLimited = false

    @Flag(help: "Prints the summary only of runs that did not pass.")
    var quiet = false

    func run(on console: Console) throws -> Int32 {
        let merged = try mergedRecords()
        guard let writer = ReportWriter(reports, isList: merged.count > 1, console: console) else {
            return Verdict.Ground.reportNotWritten.exitCode
        }
        let output = ResultOutput(reports: writer, console: console, isQuiet: quiet)
        let verdicts = merged.enumerated().map { index, record in
            var record = record
            if allowLimited { record.allowsLimited = true }
            return output.judge(record, isLast: index == merged.count - 1)
        }
        return Verdict.exitCode(of: verdicts)
    }

    /// The first result of all files makes one run, the second another, and so on.
    private func mergedRecords() throws -> [RunRecord] {
        do {
            let files = try paths.map { try ResultFile.read($0) }
            for (path, records) in zip(paths, files) where records.count != files[0].count {
                throw ValidationError(
                    "\(path) holds the results of \(records.count) runs, and \(paths[0]) those of \(files[0].count)")
            }
            return try files[0].indices.map { index in
                var record = try RunRecord.merging(files.map { $0[index] }, named: paths)
                record.recount()
                return record
            }
        } catch let problem as ResultFile.Problem {
            throw ValidationError(problem.description)
        } catch let problem as RunRecord.MergeError {
            throw ValidationError(problem.description)
        }
    }
}
