import Diagnostics
import LoadMetrics

extension TerminalSummary {
    // MARK: Trends

    mutating func addTrends() {
        addTrends(shownTrends.filter { $0.selector.metric.unit == .time }, "times")
        addTrends(shownTrends.filter { $0.selector.metric.unit != .time }, "numbers")
    }

    private mutating func addTrends(_ trends: [MetricTable.Trend], _ heading: String) {
        guard !trends.isEmpty else { return }
        addHeading(heading)
        guard trends.contains(where: { $0.count > 1 }) else {
            // Of one sample each there is one number to say.
            var table = TextTable([.left, .right])
            for trend in trends { table.add([name(of: trend), .init(trend.text(trend.average))]) }
            return add(table)
        }
        let basics = trends.map(basicCells)
        // A percentile that is the maximum in every row has nothing to say beside it.
        let columns = MetricTable.percents.indices.filter { column in
            trends.contains { $0.percentiles[column].value != $0.max }
        }
        let percentiles = trends.map { trend in columns.map { cell(trend.percentiles[$0], of: trend) } }
        let titles = columns.map { "p(\(NumberFormat.plain(MetricTable.percents[$0])))" }
        let all = table(trends, ["count", "avg", "min", "med", "max"] + titles, zip(basics, percentiles).map(+))
        if all.width <= width {
            add(all)
        } else {
            add(table(trends, ["count", "avg", "min", "med", "max"], basics))
            if !columns.isEmpty {
                add("")
                add(table(trends, titles, percentiles))
            }
        }
        if trends.contains(where: { trend in columns.contains { !trend.percentiles[$0].isSupported } }) {
            add(paint("  ~ fewer than ten samples lie beyond this percentile: it is mostly chance", .faint))
        }
    }

    /// All but those that consist of a single part, which has a row of its own, and the look-ups where no name had to be
    /// looked up.
    private var shownTrends: [MetricTable.Trend] {
        let trends = summary.metrics.trends.filter {
            $0.selector.metric.name != MetricDefinition.wsDNS.name || $0.max > 0
        }
        return trends.filter { trend in
            let parts = trends.filter { $0.selector.metric.name == trend.selector.metric.name }
            return parts.count != 2 || trend.selector != parts[0].selector
        }
    }

    private func name(of trend: MetricTable.Trend) -> TextTable.Cell {
        .init(trend.selector.description.escaped(limit: 100))
    }

    /// Rows under titles, each behind the name of its trend.
    private func table(
        _ trends: [MetricTable.Trend], _ titles: [String], _ rows: [[TextTable.Cell]]
    ) -> TextTable {
        var table = TextTable([.left] + titles.map { _ in .right })
        table.add([.init("")] + titles.map { .init($0, .faint) })
        for (trend, cells) in zip(trends, rows) { table.add([name(of: trend)] + cells) }
        return table
    }

    private func basicCells(_ trend: MetricTable.Trend) -> [TextTable.Cell] {
        [.init("\(trend.count)")]
            + [trend.average, Double(trend.min), Double(trend.median), Double(trend.max)]
            .map { .init(trend.text($0)) }
    }

    private func cell(_ percentile: MetricTable.Trend.Percentile, of trend: MetricTable.Trend) -> TextTable.Cell {
        let text = trend.text(Double(percentile.value))
        return percentile.isSupported ? .init(text) : .init("~" + text, .faint)
    }

    // MARK: Rates, counters, gauges

    mutating func addRates() {
        guard !summary.metrics.rates.isEmpty else { return }
        addHeading("rates")
        var table = TextTable([.left, .right, .right])
        for rate in summary.metrics.rates {
            table.add([
                .init(rate.metric.name), .init(NumberFormat.percentage(rate.data.share)),
                .init("\(rate.data.passes) of \(rate.data.count)", .faint),
            ])
        }
        add(table)
    }

    /// Errors and closes have sections of their own.
    mutating func addCounters() {
        let hidden = [MetricDefinition.wsErrors.name, MetricDefinition.wsCloses.name]
        let counters = summary.metrics.counters.filter { !hidden.contains($0.metric.name) }
        guard !counters.isEmpty else { return }
        addHeading("counters")
        var table = TextTable([.left, .right, .right])
        for counter in counters {
            let isData = counter.metric.unit == .bytes
            let sum = isData ? NumberFormat.bytes(counter.sum) : NumberFormat.number(counter.sum)
            let rate = isData ? NumberFormat.bytes(counter.perSecond) : NumberFormat.significant(counter.perSecond)
            table.add([.init(counter.metric.name), .init(sum), .init(rate + "/s", .faint)])
        }
        add(table)
    }

    mutating func addGauges() {
        guard !summary.metrics.gauges.isEmpty else { return }
        addHeading("gauges")
        var table = TextTable([.left, .right, .right, .right])
        table.add([.init(""), .init("min", .faint), .init("max", .faint), .init("last", .faint)])
        for gauge in summary.metrics.gauges {
            let levels = [gauge.data.min, gauge.data.max, gauge.data.last]
            table.add([.init(gauge.metric.name)] + levels.map { .init(NumberFormat.number($0)) })
        }
        add(table)
    }

    // MARK: Thresholds

    mutating func addThresholds() {
        guard !summary.thresholds.isEmpty else { return }
        addHeading("thresholds")
        var table = TextTable([.left, .left, .left, .right, .right, .left])
        for result in summary.thresholds {
            guard result.outcome != .notJudged else {
                table.add([
                    .init("·"), .init(result.threshold.selector.description.escaped(limit: 100)),
                    .init(result.threshold.inWords.escaped(limit: 100)), .init("not judged", .faint),
                ])
                continue
            }
            let passed = result.outcome == .passed
            let value = result.value.map { NumberFormat.quantity($0, toldFrom: result.threshold.limit) }
            table.add([
                .init(passed ? "✓" : "✗", passed ? .good : .bad),
                .init(result.threshold.selector.description.escaped(limit: 100)),
                .init(result.threshold.inWords.escaped(limit: 100)),
                .init(value ?? "", passed ? .none : .bad),
                .init(samples(of: result), .faint),
                .init(remarks(on: result), .warning),
            ])
        }
        add(table)
    }

    private func remarks(on result: ThresholdResult) -> String {
        var remarks = result.hasTooFewSamples ? ["~ too few for this percentile"] : []
        if let windows = result.windowsInWords { remarks.append(windows) }
        if let failures = result.failuresBeforeInWords { remarks.append(failures) }
        if let time = result.abortedAtNanoseconds {
            remarks.append("ended the run after \(NumberFormat.time(Double(time)))")
        }
        return remarks.joined(separator: "; ")
    }

    /// What a counter counts is its value.
    private func samples(of result: ThresholdResult) -> String {
        if result.outcome == .noSamples { return "no samples" }
        if result.threshold.selector.metric.kind == .counter { return "" }
        return result.sampleCount == 1 ? "1 sample" : "\(result.sampleCount) samples"
    }
}

extension MetricTable.Trend {
    /// One of its values, with the unit of its metric.
    fileprivate func text(_ value: Double) -> String {
        selector.metric.unit == .time
            ? NumberFormat.time(value) : NumberFormat.significant(value / MetricDefinition.partsPerUnit)
    }
}
