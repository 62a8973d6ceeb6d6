/// Everything that was measured in a run, or in several shards of one.
package struct RunMeasurements: Equatable, Sendable {
    /// What the run is judged by.
    package var thresholds: [Threshold]
    /// The metrics of the plan's own, in its order.
    package var metrics: [MetricDefinition]
    package var snapshot: MetricsSnapshot
    package var series: TimeSeries
    /// Of the thresholds that do not judge the whole run, or may end it.
    package var ledgers: [ThresholdLedger]
    package var durationNanoseconds: Int64
    /// The threshold that ended the run, as it was then.
    package var abortedBy: ThresholdResult?

    package init(
        thresholds: [Threshold] = [], metrics: [MetricDefinition] = [], snapshot: MetricsSnapshot,
        series: TimeSeries = TimeSeries(), ledgers: [ThresholdLedger] = [],
        durationNanoseconds: Int64, abortedBy: ThresholdResult? = nil
    ) {
        self.thresholds = thresholds
        self.metrics = metrics
        self.snapshot = snapshot
        self.series = series
        self.ledgers = ledgers
        self.durationNanoseconds = durationNanoseconds
        self.abortedBy = abortedBy
    }

    /// Adds what another shard measured in the same time, exactly but for shared gauges (`SeriesData.merge`).
    ///
    /// - Returns: false, with nothing changed, where they are not shards of one run: their thresholds differ, or one metric
    ///   is of two kinds.
    package mutating func merge(_ other: RunMeasurements) -> Bool {
        guard thresholds == other.thresholds, metrics == other.metrics, snapshot.isLike(other.snapshot),
            series.isLike(other.series),
            ledgers.map(\.threshold) == other.ledgers.map(\.threshold)
        else { return false }
        snapshot = MetricsSnapshot(merging: [snapshot, other.snapshot])
        series.merge(other.series)
        ledgers = zip(ledgers, other.ledgers).map { $0.merged(with: $1) }
        durationNanoseconds = max(durationNanoseconds, other.durationNanoseconds)
        abortedBy = abortedBy ?? other.abortedBy
        return true
    }

    /// Compares what was measured with each threshold, in their order. One that ended the run has failed, whatever came
    /// of it while the run ended.
    package func judge() -> [ThresholdResult] {
        snapshot.judge(thresholds, durationNanoseconds: durationNanoseconds, ledgers: ledgers).map { result in
            guard let abortedBy, abortedBy.threshold == result.threshold else { return result }
            var result = result.outcome == .passed ? abortedBy : result
            result.abortedAtNanoseconds = abortedBy.abortedAtNanoseconds
            return result
        }
    }
}

extension MetricsSnapshot {
    /// Whether their series can be added up.
    fileprivate func isLike(_ other: MetricsSnapshot) -> Bool {
        series.allSatisfy { key, data in other.series[key].map(data.isLike) ?? true }
    }
}

extension TimeSeries {
    /// Whether their tracks can be added up.
    fileprivate func isLike(_ other: TimeSeries) -> Bool {
        tracks.allSatisfy { key, track in other.tracks[key].map(track.isLike) ?? true }
    }
}
