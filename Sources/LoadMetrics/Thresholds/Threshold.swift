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
    /// Whether the run ends as soon as this does not hold (`abort`).
    package var abortsRun = false
    /// Samples from before this time of the run are left out (`after`).
    package var afterNanoseconds: Int64 = 0
    /// It has to hold in every full window of this length, the first of which begins at `after` (`window`); nil for all
    /// samples together.
    package var windowNanoseconds: Int64?
    /// The condition as its author wrote it, and where.
    package var condition: Located<String>
    /// Where the author wrote the selector.
    package var selectorSpan: SourceSpan

    /// Shorter windows hold too few samples to be worth their bookkeeping, and are refused by lint.
    package static let shortestWindowNanoseconds: Int64 = 100_000_000

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
