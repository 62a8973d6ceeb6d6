import Diagnostics

/// Reads `aggregate operator value`, such as `p(99) < 50ms`.
struct ConditionReader {
    private var cursor: TextCursor
    private let selector: Located<MetricSelector>
    private var metric: MetricDefinition { selector.value.metric }

    init(_ condition: LocatedText, _ selector: Located<MetricSelector>) {
        cursor = TextCursor(condition)
        self.selector = selector
    }

    consuming func read() throws(ThresholdError) -> Threshold {
        cursor.skipSpaces()
        let aggregate = try aggregate()
        cursor.skipSpaces()
        let comparison = try comparison()
        cursor.skipSpaces()
        let limit = try limit(of: aggregate)
        let condition = Located(cursor.source.text, at: cursor.source.span)
        return Threshold(selector, aggregate, comparison, limit, condition: condition)
    }

    // MARK: Aggregate

    private mutating func aggregate() throws(ThresholdError) -> Threshold.Aggregate {
        let name = cursor.take(while: \.isNameByte)
        guard !name.isEmpty else {
            throw syntaxError(at: cursor.rest, cursor.isAtEnd ? "the condition is empty" : "an aggregate is missing")
        }
        if cursor.text(name) == "p", metric.kind == .trend { return try percentile(after: name) }
        let known = metric.kind.aggregates
        if let found = known.first(where: { $0.name == cursor.text(name) }) { return found.aggregate }
        let names = known.map(\.name) + (metric.kind == .trend ? ["p(n)"] : [])
        throw ThresholdError(
            .unknownAggregate, "\(metric.name) has no '\(cursor.text(name))'", at: cursor.span(name),
            help: "a \(metric.kind.rawValue) has \(list(names))")
    }

    private mutating func percentile(after name: Range<Int>) throws(ThresholdError) -> Threshold.Aggregate {
        guard cursor.skip("(") else {
            throw syntaxError(at: name, "which percentile is missing")
        }
        cursor.skipSpaces()
        let number = cursor.take { $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: " ") }
        cursor.skipSpaces()
        guard cursor.skip(")") else { throw syntaxError(at: name.lowerBound..<cursor.offset, "')' is missing") }
        guard let percent = decimal(cursor.text(number)), percent > 0, percent <= 100 else {
            throw ThresholdError(
                .thresholdNumber, "'\(cursor.text(number))' is no percentile", at: cursor.span(number),
                help: "a percentile is more than 0 and at most 100: p(95), p(99.9)")
        }
        return .percentile(percent)
    }

    // MARK: Operator

    private mutating func comparison() throws(ThresholdError) -> Threshold.Comparison {
        let range = cursor.take { "<>=!".utf8.contains($0) }
        if let comparison = Threshold.Comparison(rawValue: cursor.text(range)) { return comparison }
        let wrong = range.isEmpty ? cursor.rest : range
        let help = cursor.text(range) == "=" ? "equality is written '=='" : "the operators are < <= > >= == !="
        throw ThresholdError(
            .thresholdSyntax, wrong.isEmpty ? "an operator is missing" : "'\(cursor.text(wrong))' is no operator",
            at: cursor.span(wrong), help: help)
    }

    // MARK: Limit

    private func limit(of aggregate: Threshold.Aggregate) throws(ThresholdError) -> Quantity {
        let range = cursor.rest
        guard !range.isEmpty else { throw syntaxError(at: range, "the value is missing") }
        let text = cursor.text(range)
        let span = cursor.span(range)
        let scale = scale(of: aggregate)
        switch LimitScale.parse(text, scale) {
        case .value(let value): return Quantity(value, scale.unit)
        case .failure(.noNumber):
            throw ThresholdError(
                .thresholdNumber, "'\(text)' is no number", at: span, help: "for example \(scale.example)")
        case .failure(.outOfRange(let allowed)):
            throw ThresholdError(.thresholdNumber, "'\(text)' is out of range", at: span, help: allowed)
        case .failure(.noUnit):
            throw ThresholdError(
                .thresholdWithoutUnit, "'\(text)' has no unit", at: span,
                help: "\(scale.units): \(text)\(scale.usualUnit)")
        case .failure(.wrongUnit(let unit)):
            throw ThresholdError(
                .thresholdUnit, "'\(unit)' does not fit \(describe(aggregate)) of \(metric.name)", at: span,
                help: "\(scale.units): \(scale.example)")
        }
    }

    /// How the limit of an aggregate is written.
    private func scale(of aggregate: Threshold.Aggregate) -> LimitScale {
        switch (metric.kind, aggregate, metric.unit) {
        case (.trend, .count, _): .count
        case (.counter, .count, .bytes): .bytes
        case (.counter, .count, _): .count
        case (.counter, _, .bytes): .bytesPerSecond
        case (.counter, _, _): .perSecond
        case (.rate, _, _): .share
        case (_, _, .time): .time
        case (_, _, .bytes): .bytes
        case (_, _, .none): .count
        }
    }

    private func describe(_ aggregate: Threshold.Aggregate) -> String {
        switch aggregate {
        case .percentile: "a percentile"
        default: metric.kind.aggregates.first { $0.aggregate == aggregate }?.name ?? "\(aggregate)"
        }
    }

    private func syntaxError(at range: Range<Int>, _ problem: String) -> ThresholdError {
        ThresholdError(
            .thresholdSyntax, problem, at: cursor.span(range),
            help: "a threshold is 'aggregate operator value': \(metric.exampleCondition)")
    }

    private func list(_ names: [String]) -> String {
        names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
}

extension MetricKind {
    /// The aggregates of metrics of this kind under the names that plans use, but for `p(n)`.
    var aggregates: [(name: String, aggregate: Threshold.Aggregate)] {
        switch self {
        case .counter: [("count", .count), ("rate", .rate)]
        case .rate: [("rate", .rate)]
        case .gauge: [("min", .minimum), ("max", .maximum), ("last", .last)]
        case .trend:
            [("avg", .average), ("min", .minimum), ("med", .median), ("max", .maximum), ("count", .count)]
        }
    }
}

extension MetricDefinition {
    /// A condition as one could stand on this metric.
    fileprivate var exampleCondition: String {
        switch (kind, unit) {
        case (.counter, .bytes): "count < 10MiB"
        case (.counter, _): "count == 0"
        case (.rate, _): "rate > 99%"
        case (.gauge, _): "max < 100"
        case (.trend, .time): "p(95) < 200ms"
        case (.trend, _): "p(95) < 200"
        }
    }
}
