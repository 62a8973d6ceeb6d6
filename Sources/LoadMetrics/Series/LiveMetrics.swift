import Synchronization

/// What a run has measured so far: puts the slices of all loops together while it goes on.
///
/// A loop delivers a slice at each cut, which costs it a lock and no more. One thread, which is none of theirs, calls `advance`
/// once a second or so: it adds up the slices that all loops have delivered, in the order of their time, and sees whether
/// a threshold aborts the run. What is kept does not grow with the length of the run.
package final class LiveMetrics: Sendable {
    private let thresholds: [Threshold]
    private let schedule: SliceSchedule
    private let startNanoseconds: Int64
    private let gauges: [SharedGauge]
    private let inbox = Mutex<[(loop: Int, slice: MetricsSlice)]>([])
    private let state: Mutex<State>

    fileprivate struct State {
        /// Where the next slice of each loop begins; `Int64.max` of one that is done.
        var reached: [Int64]
        /// What loops counted in slices that others have not reached, by their start.
        var pending: [Int64: [SeriesKey: SeriesData]] = [:]
        /// Everything before is added up.
        var end: Int64 = 0
        var series = TimeSeries()
        var ledgers: [ThresholdLedger]
    }

    /// - Parameters:
    ///   - startNanoseconds: when the run began, by the clock of its loops.
    ///   - gauges: the levels that the loops share, totals and their parts.
    package init(thresholds: [Threshold], loopCount: Int, startNanoseconds: Int64, gauges: [SharedGauge] = []) {
        self.thresholds = thresholds
        self.startNanoseconds = startNanoseconds
        self.gauges = gauges
        schedule = SliceSchedule(thresholds)
        let ledgers = thresholds.filter(ThresholdLedger.isNeeded).map { ThresholdLedger($0) }
        state = Mutex(State(reached: Array(repeating: 0, count: loopCount), ledgers: ledgers))
        for gauge in gauges { gauge.cut(by: schedule, startNanoseconds: startNanoseconds) }
    }

    /// How the recorder of a loop cuts what it counts.
    package func order(forLoop loop: Int) -> SliceOrder {
        SliceOrder(
            schedule: schedule,
            watches: thresholds.filter { $0.selector.metric.kind == .trend || ThresholdLedger.isNeeded(for: $0) }
                .map(\.selector),
            startNanoseconds: startNanoseconds,
            deliver: { slice in self.inbox.withLock { $0.append((loop, slice)) } })
    }

    /// Adds up what all loops have delivered. Gives the result of a threshold that ends the run, if there is one.
    package func advance() -> ThresholdResult? {
        let delivered = takeInbox()
        return state.withLock { state in
            state.take(delivered)
            let isOver = !state.reached.contains { $0 < .max }
            if !isOver { addUp(to: state.reached.min() ?? 0, runEnd: .max, &state) }
            let time = state.end
            return state.ledgers.lazy.compactMap { $0.reasonToAbort(atNanoseconds: time) }.first
        }
    }

    /// Everything there is, when all recorders are finished.
    ///
    /// - Parameter durationNanoseconds: how long the run was; windows that end later are not judged.
    package func finish(durationNanoseconds: Int64) -> (series: TimeSeries, ledgers: [ThresholdLedger]) {
        let delivered = takeInbox()
        return state.withLock { state in
            state.take(delivered)
            let lastStart = state.pending.keys.max() ?? 0
            addUp(to: max(durationNanoseconds, lastStart + 1), runEnd: durationNanoseconds, &state)
            for index in state.ledgers.indices { state.ledgers[index].finish() }
            return (state.series, state.ledgers)
        }
    }

    private func takeInbox() -> [(loop: Int, slice: MetricsSlice)] {
        inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
    }

    /// Adds up the slices that begin before `limit`, those without samples as well.
    private func addUp(to limit: Int64, runEnd: Int64, _ state: inout State) {
        while state.end < limit {
            let slice = state.end..<schedule.cut(after: state.end)
            state.end = slice.upperBound
            var tracks = state.pending.removeValue(forKey: slice.lowerBound) ?? [:]
            for gauge in gauges {
                guard let data = gauge.takeSlice(slice) else { continue }
                tracks[SeriesKey(gauge.metric, gauge.tags)] = .gauge(data, isPart: gauge.isPart)
            }
            for index in state.ledgers.indices {
                let selector = state.ledgers[index].threshold.selector
                let data =
                    selector.metric.kind == .gauge && selector.metric.unit != .number
                    ? .sum(of: tracks.filter { selector.selects($0.key.metric, $0.key.tags) }.values)
                    : tracks[SeriesKey(selector.metric, selector.tags)]
                state.ledgers[index].append(data, of: slice, isFull: slice.upperBound <= runEnd)
            }
            for (key, data) in tracks { state.series.append(data, to: key, atNanoseconds: slice.lowerBound) }
        }
    }
}

extension LiveMetrics.State {
    fileprivate mutating func take(_ delivered: [(loop: Int, slice: MetricsSlice)]) {
        for (loop, slice) in delivered {
            reached[loop] = slice.next
            var sums =
                pending.removeValue(forKey: slice.time.lowerBound)
                ?? Dictionary(minimumCapacity: slice.tracks.count)
            for (key, data) in slice.tracks {
                if let index = sums.index(forKey: key) {
                    sums.values[index].merge(data)
                } else {
                    sums[key] = data
                }
            }
            pending[slice.time.lowerBound] = sums
        }
    }
}
