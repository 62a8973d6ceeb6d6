/// Everything that was measured in a run, or in several shards of one.
package struct RunMeasurements: Equatable, Sendable {
    package var snapshot: MetricsSnapshot
    package var series: TimeSeries
    /// Of the thresholds that do not judge the whole run.
    package var ledgers: [ThresholdLedger]
    package var durationNanoseconds: Int64
    /// The threshold that ended the run, as it was then.
    package var abortedBy: ThresholdResult?

    package init(
        snapshot: MetricsSnapshot, series: TimeSeries = TimeSeries(), ledgers: [ThresholdLedger] = [],
        durationNanoseconds: Int64, abortedBy: ThresholdResult? = nil
    ) {
        self.snapshot = snapshot
        self.series = series
        self.ledgers = ledgers
        self.durationNanoseconds = durationNanoseconds
        self.abortedBy = abortedBy
    }

    /// Adds what another shard measured in the same time, exactly but for shared gauges (`SeriesData.merge`).
    package mutating func merge(_ other: RunMeasurements) {
        snapshot = MetricsSnapshot(merging: [snapshot, other.snapshot])
        series.merge(other.series)
        ledgers = ledgers.map { ledger in
            other.ledgers.first { $0.threshold == ledger.threshold }.map { ledger.merged(with: $0) } ?? ledger
        }
        durationNanoseconds = max(durationNanoseconds, other.durationNanoseconds)
        abortedBy = abortedBy ?? other.abortedBy
    }

    /// Compares what was measured with each threshold, in their order. One that ended the run has failed, whatever came
    /// of it while the run ended.
    package func judge(_ thresholds: [Threshold]) -> [ThresholdResult] {
        snapshot.judge(thresholds, durationNanoseconds: durationNanoseconds, ledgers: ledgers).map { result in
            guard let abortedBy, abortedBy.threshold == result.threshold else { return result }
            var result = result.outcome == .passed ? abortedBy : result
            result.abortedAtNanoseconds = abortedBy.abortedAtNanoseconds
            return result
        }
    }
}
