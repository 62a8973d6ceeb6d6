import Quantities

/// Follows a generator second by second, and keeps what its verdict needs: the same few numbers for a minute and for a day.
package struct GeneratorWatch: Sendable {
    /// Less than this share of work started in time is too little.
    static let leastInTime = 0.99
    /// A loop that works more than this share of its time has no reserve.
    static let mostBusy = 0.95
    /// So many bad seconds in a row are no accident.
    static let secondsInARow = 3
    /// A loop that is held up for so long was stopped rather than busy.
    static let stallNanoseconds: Int64 = 100_000_000
    /// Less stolen time than this is on every shared machine.
    static let noticeableSteal = 0.01
    /// Who waits longer than this for a processor shares it with something that works as much.
    static let noticeableWaiting = 0.10
    /// Who waits for at least this share of the time, and for at least this share of the time that it runs, shares a
    /// processor as well, and has little to do.
    static let leastWaiting = (ofTime: 0.01, ofRunning: 0.5)

    /// The lag that is too much: half of the tightest limit on a time; nil where no threshold is on times.
    private let lagLimit: Int64?
    private var figures = GeneratorFigures()
    private var seconds = 0
    private var lag = Streak()
    private var busy: [Streak] = []

    package init(thresholds: [Threshold]) { lagLimit = thresholds.tightestTimeLimit.map { $0 / 2 } }

    package mutating func add(_ second: GeneratorSecond) {
        figures.due += second.due
        figures.startedInTime += second.startedInTime
        let lags = second.lagNanoseconds.sorted()
        let worst = lags.isEmpty ? 0 : lags[Int(TrendData.rank(of: 99, among: UInt64(lags.count))) - 1]
        figures.lagNanoseconds = max(figures.lagNanoseconds, worst)
        figures.longestLagNanoseconds = max(figures.longestLagNanoseconds, lags.last ?? 0)
        // Less than a second is none of several in a row.
        guard second.isWhole else { return }
        figures.busy = second.busy.reduce(figures.busy) { max($0, $1) }
        if let lagLimit { lag.add(Double(worst), isBad: worst > lagLimit, second: seconds) }
        while busy.count < second.busy.count { busy.append(Streak()) }
        for (loop, share) in second.busy.enumerated() {
            busy[loop].add(share, isBad: share >= Self.mostBusy, second: seconds)
        }
        seconds += 1
    }

    package func verdict(_ pressure: HostPressure) -> GeneratorVerdict {
        var figures = figures
        figures.pressure = pressure
        let (due, startedInTime) = (figures.due, figures.startedInTime)
        var reasons: [(GeneratorVerdict.Grade, String)] = []
        if Double(startedInTime) < Self.leastInTime * Double(due) {
            let late = due - min(due, startedInTime)
            reasons.append(
                (.limited, "\(late) of \(due) were started late (\(Self.percent(Double(late) / Double(due))))"))
        }
        if let lagLimit, figures.lagNanoseconds > lagLimit {
            let limit = DurationText.text(ofNanoseconds: lagLimit)
            let worst = Self.time(figures.lagNanoseconds)
            reasons.append(
                (
                    lag.longest >= Self.secondsInARow ? .limited : .degraded,
                    "loops lagged by up to \(worst) (p(99) of a second), more than \(limit), half of the tightest limit"
                        + lag.inWords
                ))
        }
        let busiest = busy.max { ($0.longest, $0.worst) < ($1.longest, $1.worst) }
        if let busiest, busiest.longest >= Self.secondsInARow {
            reasons.append((.limited, "a loop was \(Self.percent(busiest.worst)) busy" + busiest.inWords))
        }
        if figures.longestLagNanoseconds >= Self.stallNanoseconds {
            reasons.append((.degraded, "a loop was held up for \(Self.time(figures.longestLagNanoseconds))"))
        }
        if pressure.isNoticeablyWaiting {
            reasons.append((.degraded, "wsplan waited \(Self.percent(pressure.waiting)) of the time for a processor"))
        }
        if pressure.steal >= Self.noticeableSteal {
            reasons.append((.degraded, "\(Self.percent(pressure.steal)) of the processor time was stolen by the host"))
        }
        if pressure.throttledMicroseconds > 0 {
            let time = DurationText.text(ofNanoseconds: Int64(clamping: pressure.throttledMicroseconds) &* 1000)
            reasons.append((.degraded, "the process was throttled for \(time)"))
        }
        return GeneratorVerdict(reasons, figures)
    }

    /// Down to milliseconds, of short times to hundredths of them, never rounded up.
    private static func time(_ nanoseconds: Int64) -> String {
        let step: Int64 = nanoseconds < 10_000_000 ? 10_000 : 1_000_000
        return DurationText.text(ofNanoseconds: nanoseconds / step * step)
    }

    /// Down to tenths, never rounded up to what it is not.
    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded(.down))
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}

extension HostPressure {
    fileprivate var isNoticeablyWaiting: Bool {
        let least = GeneratorWatch.leastWaiting
        return waiting >= GeneratorWatch.noticeableWaiting
            || (waiting >= least.ofTime && waiting >= least.ofRunning * running)
    }
}

/// The longest row of bad seconds.
private struct Streak {
    private(set) var longest = 0
    private(set) var worst = 0.0
    private var start = 0
    private var current = 0

    mutating func add(_ value: Double, isBad: Bool, second: Int) {
        worst = max(worst, value)
        current = isBad ? current + 1 : 0
        if current > longest { (longest, start) = (current, second + 1 - current) }
    }

    /// `, from 3s to 9s of the run`, for a row of more than one.
    var inWords: String { longest > 1 ? ", for \(longest) s from \(start) s on" : "" }
}

extension [Threshold] {
    /// The shortest time that a threshold sets as a limit above; nil where none does, or only such as no clock reaches.
    package var tightestTimeLimit: Int64? {
        filter { $0.limit.unit == .nanoseconds && ($0.comparison == .less || $0.comparison == .lessOrEqual) }
            .compactMap { Int64(exactly: $0.limit.value.rounded(.down)) }.min()
    }
}
