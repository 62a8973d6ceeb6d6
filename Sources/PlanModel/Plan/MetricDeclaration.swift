package import Diagnostics
package import LoadMetrics

/// A metric of the plan's own: an entry of `metrics`, or one that a `measure` declares by its use.
package struct MetricDeclaration: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case counter
        case trend
        /// Of times. Only such a one takes durations.
        case time = "trend(ms)"
        case gauge
        case rate
    }

    package var name: Located<String>
    package var kind: Kind

    package init(name: Located<String>, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    package var definition: MetricDefinition {
        switch kind {
        case .counter: .custom(name.value, .counter)
        case .trend: .custom(name.value, .trend)
        case .time: .custom(name.value, .trend, isTime: true)
        case .gauge: .custom(name.value, .gauge)
        case .rate: .custom(name.value, .rate)
        }
    }
}

extension Plan {
    /// The metrics of a run: those that every run has, and those of the plan.
    package var metricCatalog: MetricCatalog { .builtIn.with(metrics.map(\.definition)) }

    /// The metric of the plan's own that has a name.
    package func metric(named name: String) -> MetricDeclaration? {
        metrics.first { $0.name.value.hasSameBytes(as: name) }
    }
}
