package import Diagnostics

/// A rule over a metric that a run has to meet: `p(99) < 50ms` on `ws_await{name=quote}`.
package struct Threshold: Hashable, Sendable {
    /// Which number of a metric is compared.
    package enum Aggregate: Hashable, Sendable {
        case count
        /// Of a counter per second, of a rate the share that passed.
        case rate
        case average
        case minimum
        case median
        case maximum
        case last
        /// In percent, more than 0 and at most 100.
        case percentile(Double)
    }

    /// How the value stands to the limit.
    package enum Comparison: String, CaseIterable, Hashable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="

        package func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .less: value < limit
            case .lessOrEqual: value <= limit
            case .greater: value > limit
            case .greaterOrEqual: value >= limit
            case .equal: value == limit
            case .notEqual: value != limit
            }
        }
    }

    package var selector: MetricSelector
    package var aggregate: Aggregate
    package var comparison: Comparison
    package var limit: Quantity
    /// The condition as its author wrote it, and where.
    package var condition: Located<String>
    /// Where the author wrote the selector.
    package var selectorSpan: SourceSpan

    package init(
        _ selector: LocatedSelector, _ aggregate: Aggregate, _ comparison: Comparison, _ limit: Quantity,
        condition: Located<String>
    ) {
        self.selector = selector.value
        self.aggregate = aggregate
        self.comparison = comparison
        self.limit = limit
        self.condition = condition
        selectorSpan = selector.span
    }
}
