/// How the samples of a metric add up, and so which aggregates it has.
package enum MetricKind: String, CaseIterable, Hashable, Sendable {
    /// A sum that only grows: `count`, `rate` (per second).
    case counter
    /// The share of samples that passed: `rate`.
    case rate
    /// A level: `min`, `max`, `last`.
    case gauge
    /// A distribution: `avg`, `min`, `med`, `max`, `p(n)`, `count`.
    case trend
}

/// What a metric's values measure, and so how they are written.
package enum MetricUnit: String, CaseIterable, Hashable, Sendable {
    case none
    /// A number of the author's own, of any size: trends keep its millionths.
    case number
    /// Nanoseconds inside, milliseconds to the reader.
    case time
    case bytes
}

/// What one metric is called, and how its samples are counted, written and explained.
package struct MetricDefinition: Hashable, Sendable {
    package let name: String
    package let kind: MetricKind
    package let unit: MetricUnit
    /// The tags that its samples have beyond those that all samples have (`MetricCatalog.commonTags`), in the order
    /// in which they are written.
    package let ownTags: [String]
    /// One sentence for the metrics reference.
    package let summary: String

    package init(
        _ name: String, _ kind: MetricKind, _ unit: MetricUnit = .none, ownTags: [String] = [], summary: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.ownTags = ownTags
        self.summary = summary
    }
}
