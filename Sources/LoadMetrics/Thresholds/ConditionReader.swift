import Diagnostics
import Quantities

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
        try refuseSeveral()
        let aggregate = try aggregate()
        cursor.skipSpaces()
        let comparison = try comparison()
        cursor.skipSpaces()
        let limit = try limit(of: aggregate)
        let condition = Located(cursor.source.text, at: cursor.source.span)
        return Threshold(selector, aggregate, comparison, limit, condition: condition)
    }

    // MARK: Several

    private func refuseSeveral() throws(ThresholdError) {
        guard let joined = JoinedConditions(cursor.text(cursor.rest)) else { return }
        if joined.areAlternatives {
            throw ThresholdError(
                .thresholdSyntax, "a threshold is one condition, not one of several", at: cursor.span(cursor.rest),
                help: "keep one of them: there is no 'or', and all conditions of a list have to hold")
        }
        throw ThresholdError(
            .thresholdSyntax, "a threshold is one condition, this is several", at: cursor.span(cursor.rest),
            help: "write a list, with one condition in each entry:\n"
                + (joined.asList ?? "- \(metric.exampleCondition)"))
    }

    // MARK: Aggregate

    private mutating func aggregate() throws(ThresholdError) -> Threshold.Aggregate {
        let start = cursor
        var name = cursor.take(while: \.isNameByte)
        guard !name.isEmpty, !cursor.bytes[name.lowerBound].isDigit else {
            cursor = start
            throw withoutAggregate
        }
        if cursor.text(name) == "p", metric.kind == .trend { return try percentile(after: name) }
        let known = metric.kind.aggregates
        if let found = known.first(where: { $0.name == cursor.text(name) }) {
            guard cursor.next != UInt8(ascii: "(") else {
                let start = cursor.offset
                cursor.take { $0 != UInt8(ascii: ")") }
                _ = cursor.skip(")")
                throw ThresholdError(
                    .thresholdSyntax, "only percentiles have parentheses", at: cursor.span(start..<cursor.offset),
                    help: "write '\(found.name)' alone")
            }
            return found.aggregate
        }
        if cursor.text(name) == metric.name {
            throw syntaxError(at: name, "'\(metric.name)' stands before the ':' already")
        }
        if metric.kind == .trend, cursor.text(name).first == "p", cursor.skip(".") {
            name = name.lowerBound..<cursor.take(while: \.isDigit).upperBound
        }
        throw ThresholdError(
            .unknownAggregate, "\(metric.name) has no '\(cursor.text(name))'", at: cursor.span(name),
            help: aggregate(meantBy: cursor.text(name)).map { "did you mean '\($0)'?" }
                ?? "a \(metric.kind.rawValue) has \(list(metric.kind.aggregateNames))")
    }

    /// What `p95`, `average` and the like, which other tools write, are called here.
    private func aggregate(meantBy name: String) -> String? {
        if metric.kind == .trend, name.first == "p" || name.first == "P",
            let percent = decimal(String(name.dropFirst())),
            percent > 0, percent <= 100
        {
            return "p(\(name.dropFirst()))"
        }
        let foreign = [
            "average": "avg", "mean": "avg", "median": "med", "minimum": "min", "maximum": "max", "value": "last",
            "current": "last", "sum": "count", "total": "count", "percentile": "p(95)", "P": "p(95)",
        ]
        let names = metric.kind.aggregateNames
        if let known = foreign[name], names.contains(known) || (known == "p(95)" && metric.kind == .trend) {
            return known
        }
        return suggestion(for: name, among: names)
    }

    /// What begins with something else: `200ms > p(95)`, which is turned round, `> 1%`, a lone value.
    private var withoutAggregate: ThresholdError {
        let rest = cursor.rest
        guard !rest.isEmpty else { return syntaxError(at: rest, "the condition is empty") }
        let parts = cursor.operatorParts(of: rest)
        if let turned = Self.turned(parts) {
            return ThresholdError(
                .thresholdSyntax, "the aggregate stands first", at: cursor.span(rest), help: turned)
        }
        return syntaxError(at: rest, "an aggregate is missing before '\(cursor.text(rest))'")
    }

    /// `value operator aggregate`, or the same within two values, as it is written here.
    private static func turned(_ parts: [String]) -> String? {
        guard parts.count == 3 || parts.count == 5, parts.first?.utf8.first?.isDigit == true,
            parts[2].utf8.first?.isLetter == true, let comparison = Threshold.Comparison(rawValue: parts[1])
        else { return nil }
        let first = "\(parts[2]) \(comparison.turned.rawValue) \(parts[0])"
        if parts.count == 3 { return "write \(first)" }
        guard Threshold.Comparison(rawValue: parts[3]) != nil else { return nil }
        return "write a list, with one condition in each entry:\n- \(first)\n- \(parts[2]) \(parts[3]) \(parts[4])"
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
        let rest = cursor.rest
        if range.isEmpty, let word = foreignOperator {
            throw ThresholdError(
                .thresholdSyntax, "'\(cursor.text(word))' is no operator", at: cursor.span(word),
                help: "use \(Self.foreignOperators[cursor.text(word).lowercased()] ?? "")")
        }
        let wrong = range.isEmpty ? rest : range
        let help: String
        switch cursor.text(range) {
        case "=", "===": help = "equality is written '=='"
        case "<>", "!==", "!", "=!": help = "inequality is written '!='"
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

    /// Words and signs that stand for an operator elsewhere.
    private static let foreignOperators = [
        "≤": "<=", "≥": ">=", "≠": "!=", "is": "==", "eq": "==", "equals": "==", "ne": "!=", "lt": "<", "le": "<=",
        "lte": "<=", "gt": ">", "ge": ">=", "gte": ">=", "below": "<", "under": "<", "above": ">", "over": ">",
    ]

    /// The place of one of them, if the text goes on with it.
    private var foreignOperator: Range<Int>? {
        var ahead = cursor
        let word = ahead.take { $0 >= 0x80 || $0.isLetter }
        return Self.foreignOperators[cursor.text(word).lowercased()] == nil ? nil : word
    }

    // MARK: Limit

    private func limit(of aggregate: Threshold.Aggregate) throws(ThresholdError) -> Quantity {
        let range = cursor.rest
        guard !range.isEmpty else { throw syntaxError(at: range, "the value is missing") }
        let scale = scale(of: aggregate)
        // Only what a plan sets itself can be less than nothing.
        if metric.kind == .gauge, metric.unit == .number, cursor.bytes[range.lowerBound] == UInt8(ascii: "-"),
            case .value(let value) = LimitScale.parse(cursor.text(range.dropFirst()), scale)
        {
            return Quantity(-value, scale.unit)
        }
        switch LimitScale.parse(cursor.text(range), scale) {
        case .value(let value): return Quantity(value, scale.unit)
        case .failure(let problem): throw error(problem, of: aggregate, scale, at: range)
        }
    }

    private func error(
        _ problem: LimitScale.Problem, of aggregate: Threshold.Aggregate, _ scale: LimitScale, at range: Range<Int>
    ) -> ThresholdError {
        let text = cursor.text(range)
        let span = cursor.span(range)
        if case .outOfRange(let allowed) = problem {
            return ThresholdError(.thresholdNumber, "'\(text)' is out of range", at: span, help: allowed)
        }
        if text.utf8.first == UInt8(ascii: "-") {
            return ThresholdError(
                .thresholdNumber, "'\(text)' is negative", at: span, help: "a value is at least 0: \(scale.example)")
        }
        if let trailing = trailingText(behindLimitOf: scale, in: range) {
            let condition = cursor.text(0..<trailing.lowerBound).trimmingBlanks
            return ThresholdError(
                .thresholdSyntax, "unexpected '\(cursor.text(trailing))'", at: cursor.span(trailing),
                help: "a threshold ends with its value: \(condition)")
        }
        let example = "\(scale.units): \(scale.example)"
        let help = scale.form(of: text).map { "did you mean '\($0)'?" }
        switch problem {
        case .noUnit:
            return ThresholdError(
                .thresholdWithoutUnit, "'\(text)' has no unit", at: span,
                help: "\(scale.units): \(text)\(scale.usualUnit)")
        case .wrongUnit(let unit) where LimitScale.isUnit(unit):
            return ThresholdError(
                .thresholdUnit, "'\(unit)' does not fit \(describe(aggregate)) of \(metric.name)", at: span,
                help: help ?? example)
        case .wrongUnit(let unit) where !unit.isEmpty && unit.utf8.allSatisfy({ $0 >= 0x80 || $0.isLetter }):
            return ThresholdError(
                .thresholdUnit, "'\(unit)' is not a unit of \(metric.name)", at: span, help: help ?? example)
        case .wrongUnit, .noNumber, .outOfRange:
            return ThresholdError(
                .thresholdNumber, "'\(text)' is not \(scale.noun)", at: span, help: help ?? example)
        }
    }

    /// What stands behind a limit that is right without it, and a space.
    private func trailingText(behindLimitOf scale: LimitScale, in range: Range<Int>) -> Range<Int>? {
        guard range.count <= 200 else { return nil }
        for end in range.reversed() where cursor.bytes[end] == UInt8(ascii: " ") {
            if case .value = LimitScale.parse(cursor.text(range.lowerBound..<end).trimmingBlanks, scale) {
                let start = (end..<range.upperBound).first { cursor.bytes[$0] != UInt8(ascii: " ") } ?? end
                // A number with a space in it is one that was written in another form.
                return cursor.bytes[start].isDigit ? nil : start..<range.upperBound
            }
        }
        return nil
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
        case (_, _, .none), (_, _, .number): .count
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

    /// How they are named to the author.
    fileprivate var aggregateNames: [String] { aggregates.map(\.name) + (self == .trend ? ["p(n)"] : []) }
}

extension MetricDefinition {
    /// A condition as one could stand on this metric.
    package var exampleCondition: String {
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

extension Threshold.Comparison {
    /// The one that holds with its sides exchanged.
    fileprivate var turned: Self {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}

extension TextCursor {
    /// What stands between the operators of a range, and they, in turn, without spaces around them.
    fileprivate func operatorParts(of range: Range<Int>) -> [String] {
        var parts: [String] = []
        var start = range.lowerBound
        let isOperator = { (offset: Int) in "<>=!".utf8.contains(bytes[offset]) }
        for offset in range where offset > start && isOperator(offset) != isOperator(offset - 1) {
            parts.append(text(start..<offset).trimmingBlanks)
            start = offset
        }
        return parts + [text(start..<range.upperBound).trimmingBlanks]
    }
}
