import LoadMetrics
import RunReports

/// What becomes of the result of a run: it is judged, handed to the reports and told.
struct ResultOutput {
    let reports: ReportWriter
    let console: Console
    /// Whether only runs are told that did not pass.
    let isQuiet: Bool

    /// - Parameters:
    ///   - isLast: whether no other result follows, so that the reports are to be written.
    ///   - showsSummary: false where the reader knows already all that there is to say.
    /// - Returns: the verdict on the run, and on what could not be written of it.
    func judge(_ record: RunRecord, isLast: Bool, showsSummary: Bool = true) -> Verdict {
        let summary = RunSummary(of: record)
        var verdict = summary.verdict
        for reason in reports.add(JSONReport.Run(record, summary), isLast: isLast) {
            console.complain("wsplan: \(reason.text)")
            verdict = verdict.with(reason)
        }
        guard showsSummary, !isQuiet || verdict.ground != .passed else { return verdict }
        var shown = summary
        shown.verdict = verdict
        do throws(Console.WriteError) {
            try console.print(
                TerminalSummary.render(shown, plan: record.plan.source, style: console.style, width: console.width))
        } catch {
            console.complain("wsplan: cannot write the summary: \(error.reason)")
            verdict = verdict.with(.init(.reportNotWritten, "cannot write the summary"))
        }
        return verdict
    }
}
