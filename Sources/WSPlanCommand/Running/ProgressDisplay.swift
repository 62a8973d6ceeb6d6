import Dispatch
import LoadMetrics
import LoadRunner
import RunReports

/// Shows how a run stands while it goes on: on a terminal a line that is drawn anew in its place, elsewhere a line now and
/// then. What it writes goes the way of `log` lines, so that neither comes into the midst of the other.
final class ProgressDisplay: @unchecked Sendable {
    // Sendable: what changes is used on `queue` only.

    /// A terminal shows ten lines a second.
    private static let terminalInterval = DispatchTimeInterval.milliseconds(100)
    /// A file, or the record of a build, gets one so often; shorter runs leave nothing there.
    private static let fileInterval = DispatchTimeInterval.seconds(10)

    private let run: LoadRun
    private let log: LogSink
    private let console: Console
    private let isInPlace: Bool
    private let queue = DispatchQueue(label: "wsplan.progress")
    private let timer: any DispatchSourceTimer
    private var line = ProgressLine()
    /// Whether the loops have been asked and have not answered yet.
    private var isAsking = false

    init(of run: LoadRun, log: LogSink, console: Console) {
        self.run = run
        self.log = log
        self.console = console
        isInPlace = console.canRedraw
        timer = DispatchSource.makeTimerSource(queue: queue)
    }

    /// Begins to show lines, the first one after an interval. The end of the run takes the last of them away.
    func start() {
        let interval = isInPlace ? Self.terminalInterval : Self.fileInterval
        timer.setEventHandler { [self] in ask() }
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.resume()
    }

    func stop() { timer.cancel() }

    private func ask() {
        guard !isAsking else { return }
        isAsking = true
        run.takeProgress { [self] progress in queue.async { self.show(progress) } }
    }

    private func show(_ progress: RunProgress) {
        isAsking = false
        // In the last column some terminals begin a new line.
        let text = line.text(for: progress, width: isInPlace ? console.errorWidth - 1 : .max)
        log.show(Array(text.utf8), inPlace: isInPlace)
    }
}
