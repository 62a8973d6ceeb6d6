import Diagnostics

/// Other words for what the author of a plan has named: secrets are kept out of results that way.
package struct Renaming {
    fileprivate let words: (String) -> String
    /// By the names of the plan's own metrics. No two of them become one: they may be of different kinds.
    private let metricNames: [String: String]

    /// - Parameter metrics: the plan's own.
    package init(of metrics: [MetricDefinition], _ words: @escaping (String) -> String) {
        var names: [String: String] = [:]
        var taken: Set<String> = []
        for metric in metrics where names[metric.name] == nil {
            var name = words(metric.name)
            while !taken.insert(name).inserted { name += "'" }
            names[metric.name] = name
        }
        self.words = words
        metricNames = names
    }

    fileprivate func metric(_ name: String) -> String { metricNames[name] ?? name }
}

/// What becomes one by its new name is added up.
extension RunMeasurements {
    package func renamed(_ names: Renaming) -> RunMeasurements {
        func renamed(_ threshold: Threshold) -> Threshold {
            var threshold = threshold
            threshold.selector = threshold.selector.renamed(names)
            threshold.condition = threshold.condition.map(names.words)
            return threshold
        }
        var result = self
        result.metrics = metrics.map { $0.renamed(names) }
        result.thresholds = thresholds.map(renamed)
        result.snapshot = snapshot.renamed(names)
        result.series = series.renamed(names)
        result.ledgers = ledgers.map { ledger in
            var ledger = ledger
            ledger.threshold = renamed(ledger.threshold)
            return ledger
        }
        if let abortedBy { result.abortedBy?.threshold = renamed(abortedBy.threshold) }
        return result
    }
}

extension MetricSelector {
    package func renamed(_ names: Renaming) -> MetricSelector {
        MetricSelector(
            metric.renamed(names),
            TagSet(tags.tags.map { metric.isWordOfOurs($0) ? $0 : Tag($0.name, names.words($0.value)) }))
    }
}

extension MetricDefinition {
    fileprivate func renamed(_ names: Renaming) -> MetricDefinition {
        MetricDefinition(names.metric(name), kind, unit, ownTags: ownTags, summary: summary)
    }

    /// Whether the value of a tag is one of a closed set: kinds of errors, codes of closes.
    fileprivate func isWordOfOurs(_ tag: Tag) -> Bool {
        [MetricDefinition.wsErrors.name, MetricDefinition.wsCloses.name].contains(name) && ownTags.contains(tag.name)
    }
}

extension SeriesKey {
    fileprivate func renamed(_ names: Renaming) -> SeriesKey {
        let selector = MetricSelector(metric, tags).renamed(names)
        return SeriesKey(selector.metric, selector.tags)
    }
}

extension MetricsSnapshot {
    fileprivate func renamed(_ names: Renaming) -> MetricsSnapshot {
        var sums: [SeriesKey: SeriesData] = [:]
        for (key, data) in series {
            let key = key.renamed(names)
            if var sum = sums.removeValue(forKey: key) {
                sum.merge(data)
                sums[key] = sum
            } else {
                sums[key] = data
            }
        }
        var blamed: [String: String] = [:]
        for (metric, tag) in folded.tags { blamed[names.metric(metric)] = tag }
        return MetricsSnapshot(series: sums, folded: FoldedTagSets(tags: blamed))
    }
}

extension TimeSeries {
    fileprivate func renamed(_ names: Renaming) -> TimeSeries {
        var result = TimeSeries(stepNanoseconds: stepNanoseconds, tracks: [:])
        for (key, track) in tracks {
            result.merge(TimeSeries(stepNanoseconds: stepNanoseconds, tracks: [key.renamed(names): track]))
        }
        return result
    }
}
