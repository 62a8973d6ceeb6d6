package import Diagnostics

/// Reads thresholds: `aggregate operator value` on `metric` or `metric{tag=value, …}`.
package struct ThresholdParser: Sendable {
    private let catalog: MetricCatalog
    private let planTags: [String]

    /// - Parameter planTags: the names of the tags that the plan puts on its samples itself.
    package init(catalog: MetricCatalog = .builtIn, planTags: [String] = []) {
        self.catalog = catalog
        self.planTags = planTags
    }

    /// Reads the key of a threshold. Nil when it adds an error to `diagnostics`.
    ///
    /// A tag's value reaches to the next `,` or `}`, without the spaces around it; one that holds these stands in double
    /// quotes, in which `\"` and `\\` are a quote and a backslash.
    package func selector(_ key: LocatedText, into diagnostics: inout [Diagnostic]) -> Located<MetricSelector>? {
        do {
            return Located(try SelectorReader(key, catalog, planTags).read(), at: key.span)
        } catch {
            diagnostics.append(error.diagnostic)
            return nil
        }
    }

    /// Reads one condition on a selector. Nil when it adds an error to `diagnostics`.
    package func threshold(
        _ condition: LocatedText, on selector: Located<MetricSelector>, into diagnostics: inout [Diagnostic]
    ) -> Threshold? {
        do {
            return try ConditionReader(condition, selector).read()
        } catch {
            diagnostics.append(error.diagnostic)
            return nil
        }
    }
}

/// Ends the reading of a threshold.
struct ThresholdError: Error {
    let diagnostic: Diagnostic

    init(_ code: DiagnosticCode, _ message: String, at span: SourceSpan, help: String? = nil) {
        diagnostic = Diagnostic(code, Diagnostic.Message(message), at: span, help: help)
    }
}
