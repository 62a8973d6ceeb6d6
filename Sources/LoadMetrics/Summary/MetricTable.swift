import Diagnostics

/// The metrics of a run as rows, those without samples left out.
package struct MetricTable: Sendable {
    package struct Counter: Hashable, Sendable {
        package var metric: MetricDefinition
        package var sum: Double
        package var perSecond: Double
    }

    package struct Rate: Hashable, Sendable {
        package var metric: MetricDefinition
        package var data: RateData
    }

    package struct Gauge: Hashable, Sendable {
        package var metric: MetricDefinition
        package var data: GaugeData
    }

    /// The aggregates of a trend: in nanoseconds, or of a trend of numbers in millionths.
    package struct Trend: Hashable, Sendable {
        package struct Percentile: Hashable, Sendable {
            package var percent: Double
            package var value: Int64
            /// Whether at least ten samples lie beyond it.
            package var isSupported: Bool
        }

        /// Without tags the whole metric; with tags a part of it.
        package var selector: MetricSelector
        package var count: UInt64
        package var average: Double
        package var min: Int64
        package var median: Int64
        package var max: Int64
        package var percentiles: [Percentile]
    }

    package var counters: [Counter] = []
    package var rates: [Rate] = []
    package var gauges: [Gauge] = []
    package var trends: [Trend] = []

    /// The percentiles that reports print.
    package static let percents: [Double] = [90, 95, 99, 99.9]

    package init() {}

    /// One row for each metric with samples, in the order of the catalog; below a trend with tags of its own (`ws_await`)
    /// one for each of their values.
    package init(of snapshot: MetricsSnapshot, catalog: MetricCatalog = .builtIn, durationNanoseconds: Int64) {
        for metric in catalog.definitions {
            switch metric.kind {
            case .counter:
                let sum = snapshot.amount(metric)
                guard sum != 0 else { continue }
                counters.append(
                    Counter(metric: metric, sum: sum, perSecond: Quantity.perSecond(sum, in: durationNanoseconds)))
            case .rate:
                if let data = snapshot.rate(metric) { rates.append(Rate(metric: metric, data: data)) }
            case .gauge:
                if let data = snapshot.gauge(metric) { gauges.append(Gauge(metric: metric, data: data)) }
            case .trend:
                var total = TrendData()
                var parts: [TagSet: TrendData] = [:]
                for case (let tags, .trend(let data)) in snapshot.series(of: metric) {
                    total.merge(data)
                    parts[metric.ownTags(in: tags), default: TrendData()].merge(data)
                }
                guard total.count > 0 else { continue }
                trends.append(Trend(of: total, MetricSelector(metric)))
                for (tags, data) in parts.sorted(by: { $0.key < $1.key }) where !tags.isEmpty && data.count > 0 {
                    trends.append(Trend(of: data, MetricSelector(metric, tags)))
                }
            }
        }
    }
}

extension MetricTable.Trend {
    init(of data: TrendData, _ selector: MetricSelector) {
        let values = data.percentiles([50] + MetricTable.percents, areNumbers: selector.metric.unit == .number)
        self.init(
            selector: selector, count: data.count, average: data.average, min: data.min, median: values[0],
            max: data.max,
            percentiles: zip(MetricTable.percents, values.dropFirst()).map { percent, value in
                Percentile(percent: percent, value: value, isSupported: data.supports(percentile: percent))
            })
    }
}

extension MetricDefinition {
    /// Those of a series' tags that only this metric has.
    fileprivate func ownTags(in tags: TagSet) -> TagSet {
        TagSet(tags.tags.filter { tag in ownTags.contains { $0.hasSameBytes(as: tag.name) } })
    }
}
