package import EventProgram
import LoadMetrics

/// How many histograms the virtual users of a scenario fill on one loop, when they have done everything that its program has.
package struct HistogramCount: Hashable, Sendable {
    /// What each takes (`TrendData`).
    private static let bytes = 440 << 10
    /// Of the trends that the runner samples, those that most scenarios have: the phases of a connect, times of sessions and
    /// iterations.
    private static let builtIn = 8

    /// Those of which only the whole run is kept.
    private(set) var plain: Int
    /// Those of which the time series has percentiles, too.
    private(set) var watched: Int

    package init() { (plain, watched) = (0, 0) }

    /// - Parameter thresholds: the names of the metrics that they judge.
    package init(of program: Program, watchedBy thresholds: Set<String>) {
        let places = Places(of: program)
        let metrics = program.pools.metrics
        var trends: Set<Trend> = []
        for (await_, group) in zip(program.pools.awaits, places.awaits) {
            trends.insert(Trend(metric: MetricDefinition.wsAwait.name, group: group, name: await_.name))
        }
        let sampled = program.pools.measures.map(\.metric) + program.pools.records.map(\.metric)
        for (index, group) in zip(sampled, places.measures + places.records) {
            let metric = metrics[Int(index)]
            guard metric.kind == .time || metric.kind == .trend else { continue }
            trends.insert(Trend(metric: metric.name, group: group))
        }
        watched = trends.count { $0.isAwait || thresholds.contains($0.metric) }
        plain = trends.count - watched + Self.builtIn
    }

    private struct Trend: Hashable {
        var metric: String
        var group: UInt16
        /// Of an await.
        var name = ""

        var isAwait: Bool { metric == MetricDefinition.wsAwait.name }
    }

    /// What they take on some loops. A loop that has slices cut keeps what came before the open one apart, and the last may still
    /// be on its way; of several loops the sums are made at the end.
    func bytes(loopCount: Int) -> Int {
        let sums = loopCount > 1 ? 1 : 0
        return (plain * (loopCount + sums) + watched * (3 * loopCount + sums)) * Self.bytes
    }
}
