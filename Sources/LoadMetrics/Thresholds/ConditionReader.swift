import Diagnostics

/// Reads `aggregate operator value`, such as `p(99) < 50ms`.
struct ConditionReader {
    private var cursor: TextCursor
    private let selector: LocatedSelector
    private var metric: MetricDefinition { selector.value.metric }

    init(_ condition: LocatedText, _ selector: LocatedSelector) {
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
        guard !name.isEmpty, !cursor.bytes[name.lowerBound].isDigit else {
            throw syntaxError(
                at: name.isEmpty ? cursor.rest : name,
                cursor.bytes.isEmpty ? "the condition is empty" : "an aggregate is missing")
        }
        if cursor.text(name) == "p", metric.kind == .trend { return try percentile(after: name) }
        let known = metric.kind.aggregates
        if let found = known.first(where: { $0.name == cursor.text(name) }) { return found.aggregate }
        let names = known.map(\.name) + (metric.kind == .trend ? ["p(n)"] : [])
        throw ThresholdError(
            .unknownAggregate, "\(metric.name) has no '\(cursor.text(name))'", at: cursor.span(name),
            help: percentile(meantBy: cursor.text(name)) ?? "a \(metric.kind.rawValue) has \(list(names))")
    }

    /// `p95` and its like, which other tools write.
    private func percentile(meantBy name: String) -> String? {
        guard metric.kind == .trend, name.first == "p", let percent = decimal(String(name.dropFirst())),
            percent > 0, percent <= 100
        else { return nil }
        return "did you mean 'p(\(name.dropFirst()))'?"
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
        let help: String
        switch cursor.text(range) {
        case "=": help = "equality is written '=='"
        case "=<", "=>": help = "did you mean '\(String(cursor.text(range).reversed()))'?"
        default: help = "the operators are < <= > >= == !="
        }
        let message: String
        if wrong.isEmpty {
            message = "an operator is missing"
        } else if range.isEmpty {
            message = "an operator is missing before '\(cursor.text(wrong))'"
        } else {
            message = "'\(cursor.text(range))' is no operator"
        }
        throw ThresholdError(.thresholdSyntax, message, at: cursor.span(wrong), help: help)
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
