package import Diagnostics
package import Expressions

/// `measure`: the time from a mark, or from a time that the plan has, to now.
package struct Measure: Sendable {
    package enum Since: Sendable {
        /// The key of the mark, which is taken away.
        case mark(ParsedTemplate)
        /// Gives milliseconds since 1970.
        case epochMilliseconds(ParsedExpression)
    }

    package var metric: Located<String>
    /// Nil where it is missing, or nothing that a measure can be from; which is reported.
    package var since: Since?

    package init(metric: Located<String>, since: Since?) {
        self.metric = metric
        self.since = since
    }
}

/// An entry of `record`: a metric and its sample.
package struct Sample: Sendable {
    package var metric: Located<String>
    package var value: Operand

    package init(metric: Located<String>, value: Operand) {
        self.metric = metric
        self.value = value
    }
}
