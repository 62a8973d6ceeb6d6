/// Everything that was measured up to one moment, of one loop or, merged, of all.
package struct MetricsSnapshot: Equatable, Sendable {
    private(set) var series: [SeriesKey: SeriesData]
    /// What was not told apart.
    package private(set) var folded: FoldedTagSets

    init(series: [SeriesKey: SeriesData], folded: FoldedTagSets) {
        self.series = series
        self.folded = folded
    }

    /// What the loops counted, and the levels that they shared. Or what the parts of a run counted, as in
    /// `SeriesData.merge`.
    package init(merging parts: [MetricsSnapshot] = [], gauges: [SharedGauge] = []) {
        self.init(series: [:], folded: FoldedTagSets())
        for part in parts { merge(part) }
        foldExcess()
        for gauge in gauges {
            guard let data = gauge.data else { continue }
            series[SeriesKey(gauge.metric, gauge.tags)] = .gauge(data, isPart: gauge.isPart)
        }
    }

    /// Adds what another loop counted. The result is what one recorder of all samples would have.
    private mutating func merge(_ other: MetricsSnapshot) {
        folded.merge(other.folded)
        for (key, added) in other.series { add(added, to: key) }
    }

    private mutating func add(_ added: SeriesData, to key: SeriesKey) {
        // Taken out, so that a histogram has one owner while it grows.
        guard var sum = series.removeValue(forKey: key) else { return series[key] = added }
        sum.merge(added)
        series[key] = sum
    }

    /// The parts kept within the limit each; together they may know more.
    private mutating func foldExcess() {
        var tagSets = Set(series.keys.map(\.tags))
        tagSets.remove(.overflow)
        guard tagSets.count > MetricsRecorder.tagSetLimit else { return }
        let excess = Set(tagSets.sorted().dropFirst(MetricsRecorder.tagSetLimit))
        for key in series.keys.sorted() where excess.contains(key.tags) {
            guard let data = series.removeValue(forKey: key) else { continue }
            folded.add(key.metric, key.tags, among: tagSets)
            add(data, to: SeriesKey(key.metric, .overflow))
        }
    }

    /// The sum of a counter; 0 without samples.
    package func counter(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> Int64 {
        if case .counter(let sum)? = data(of: MetricSelector(metric, selector)) { sum } else { 0 }
    }

    /// The sum of a counter of the runner's or of the plan's own; 0 without samples.
    package func amount(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> Double {
        if case .amount(let sum)? = data(of: MetricSelector(metric, selector)) { return sum.value }
        return Double(counter(metric, selector))
    }

    /// Passes and fails of a rate; nil without samples.
    package func rate(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> RateData? {
        guard case .rate(let sum)? = data(of: MetricSelector(metric, selector)), sum.count > 0 else { return nil }
        return sum
    }

    /// The distribution of a trend; nil without samples.
    package func trend(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> TrendData? {
        guard case .trend(let sum)? = data(of: MetricSelector(metric, selector)), sum.count > 0 else { return nil }
        return sum
    }

    /// The level of a gauge; nil when it never changed.
    ///
    /// Exact where the selector selects one series or a total. Of several parts of a total, `last` is exact; `min` and
    /// `max` are the sums of theirs, between which the true ones lie.
    package func gauge(_ metric: MetricDefinition, _ selector: TagSet = [:]) -> GaugeData? {
        switch data(of: MetricSelector(metric, selector)) {
        case .gauge(let data, _): data
        case .level(let data): data.gauge
        default: nil
        }
    }

    /// Each series of a metric, in the order of their tags.
    func series(of metric: MetricDefinition) -> [(tags: TagSet, data: SeriesData)] {
        series.filter { $0.key.metric.name == metric.name }.map { ($0.key.tags, $0.value) }.sorted { $0.tags < $1.tags }
    }

    /// What all series together counted that a selector selects; nil where there is none.
    func data(of selector: MetricSelector) -> SeriesData? {
        .sum(of: series.lazy.filter { selector.selects($0.key.metric, $0.key.tags) }.map(\.value))
    }
}

extension SeriesData {
    /// What several series of one metric come to. Where one of them is the total of the others, that one.
    static func sum(of parts: some Sequence<SeriesData>) -> SeriesData? {
        var sum: SeriesData?
        for part in parts {
            if case .gauge(_, isPart: false) = part { return part }
            guard var grown = sum else {
                sum = part
                continue
            }
            sum = nil  // So that a histogram has one owner while it grows.
            grown.merge(part)
            sum = grown
        }
        return sum
    }
}
