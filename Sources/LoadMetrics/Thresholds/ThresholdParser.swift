package import Diagnostics

/// Reads thresholds: `aggregate operator value` on `metric` or `metric{tag=value, …}`.
package struct ThresholdParser: Sendable {
    /// The values that a tag can have, where they are known.
    package enum TagValues: Sendable {
        case words([String])
        /// Whole numbers in decimal digits.
        case numbers(ClosedRange<Int>, example: String)
    }

    private let catalog: MetricCatalog
    private let planTags: [String]
    private let tagValues: [String: TagValues]

    /// - Parameters:
    ///   - planTags: the names of the tags that the plan puts on its samples itself.
    ///   - tagValues: the values of other tags, by their names, as far as they are known.
    package init(
        catalog: MetricCatalog = .builtIn, planTags: [String] = [], tagValues: [String: TagValues] = [:]
    ) {
        self.catalog = catalog
        self.planTags = planTags
        self.tagValues = tagValues
    }

    /// Reads the key of a threshold. Nil when it adds an error to `diagnostics`.
    ///
    /// A tag's value reaches to the next `,` or `}`, without the spaces around it; one that holds these stands in double
    /// quotes, in which `\"` and `\\` are a quote and a backslash.
    package func selector(_ key: LocatedText, into diagnostics: inout [Diagnostic]) -> LocatedSelector? {
        do {
            let selector = try SelectorReader(key, catalog, planTags).read()
            for tag in selector.tags { check(tag, of: selector, into: &diagnostics) }
            return selector
        } catch {
            diagnostics.append(error.diagnostic)
            return nil
        }
    }

    /// Reads one condition on a selector. Nil when it adds an error to `diagnostics`.
    package func threshold(
        _ condition: LocatedText, on selector: LocatedSelector, into diagnostics: inout [Diagnostic]
    ) -> Threshold? {
        do {
            return try ConditionReader(condition, selector).read()
        } catch {
            diagnostics.append(error.diagnostic)
            return nil
        }
    }
}

extension ThresholdParser {
    /// Reports a value that its tag never has.
    private func check(
        _ tag: LocatedSelector.SelectedTag, of selector: LocatedSelector, into diagnostics: inout [Diagnostic]
    ) {
        var help: String
        switch tagValues[tag.name] {
        case nil: return
        case .words(let words):
            if words.contains(where: { $0.hasSameBytes(as: tag.value.value) }) { return }
            help =
                suggestion(for: tag.value.value, among: words).map { "did you mean '\($0)'?" }
                ?? "it is one of: " + words.joined(separator: ", ")
        case .numbers(let range, let example):
            if let number = Int(tag.value.value), range.contains(number), "\(number)" == tag.value.value { return }
            help = "it is a number from \(range.lowerBound) to \(range.upperBound), such as \(example)"
        }
        if let separated = selector.separated(tag) { help = separated }
        let message = Diagnostic.Message.unknownTagValue(tag.value.value, of: tag.name)
        diagnostics.append(Diagnostic(.unknownTagValue, message, at: tag.value.span, help: help))
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownTagValue(_ value: String, of tag: String) -> Self {
        Self("no sample has the value '\(value)' of '\(tag)'")
    }
}

/// Ends the reading of a threshold.
struct ThresholdError: Error {
    let diagnostic: Diagnostic

    init(_ code: DiagnosticCode, _ message: String, at span: SourceSpan, help: String? = nil) {
        diagnostic = Diagnostic(code, Diagnostic.Message(message), at: span, help: help)
    }
}
