import Expressions

/// What the steps that measure refer to (plan-language §3).
extension Pools {
    /// A metric of the plan's own.
    package struct Metric: Hashable, Sendable {
        package var name: String
        package var kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }

        package enum Kind: String, Sendable {
            case counter
            case gauge
            case rate
            case trend
            /// Of times.
            case time = "trend(ms)"
        }
    }

    /// One `mark` step.
    package struct Mark: Hashable, Sendable {
        /// The key, an index of the templates.
        package var key: UInt32
        /// What it is counted under, an index of `markTexts`.
        package var text: UInt32

        package init(key: UInt32, text: UInt32) {
            self.key = key
            self.text = text
        }
    }

    /// A place that looks for a mark.
    package struct MarkReference: Hashable, Sendable {
        /// An index of the templates.
        package var key: UInt32

        package init(key: UInt32) { self.key = key }
    }

    /// One `measure` step.
    package struct Measure: Sendable {
        package enum Since: Hashable, Sendable {
            /// An index of `markReferences`.
            case mark(UInt32)
            /// Milliseconds since 1970: an index of the expressions.
            case epochMilliseconds(UInt32)
        }

        /// An index of `metrics`: one of times.
        package var metric: UInt32
        package var since: Since

        package init(metric: UInt32, since: Since) {
            self.metric = metric
            self.since = since
        }
    }

    /// One entry of a `record` step.
    package struct Record: Sendable {
        /// An index of `metrics`.
        package var metric: UInt32
        package var value: ValueSource

        package init(metric: UInt32, value: ValueSource) {
            self.metric = metric
            self.value = value
        }
    }
}
