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

extension LocatedSelector {
    /// What to write where the value of a tag, which is wrong, goes on with another tag: `code=1000 by=peer`.
    package func separated(_ tag: SelectedTag) -> String? {
        var words = tag.value.value.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "&" }).map(String.init)
        let known = value.metric.ownTags + MetricCatalog.commonTags
        var isSeparated = false
        for index in words.indices.dropFirst() where known.contains(where: { words[index].hasPrefix("\($0)=") }) {
            words[index - 1] += ","
            isSeparated = true
        }
        return isSeparated ? "a ',' stands between two tags: \(tag.name)=\(words.joined(separator: " "))" : nil
    }
}
