package import Diagnostics

/// A selector as its author wrote it, and where.
package struct LocatedSelector: Hashable, Sendable {
    /// `tag=value`; the place is that of the value, quotes included.
    package struct SelectedTag: Hashable, Sendable {
        package var name: String
        package var value: Located<String>
    }

    package var value: MetricSelector
    package var span: SourceSpan
    /// In the order written.
    package var tags: [SelectedTag] = []

    init(_ value: MetricSelector, at span: SourceSpan) {
        self.value = value
        self.span = span
    }
}
