import Diagnostics
import Expressions
import PlanModel

/// A `measure`, or the `since` of an `await`, looks for a mark that no step can set.
///
/// ## Why it matters
/// It never gives a sample.
///
/// ## Example
/// ```yaml
/// on_open:
///   - mark: order-${id}
///   - send: order
/// on_message:
///   - measure: order_time
///     since: order_${message.json.id}
/// ```
///
/// ## Instead
/// Write the key as the `mark` has it. Keys with `${…}` in them are compared by the text before and behind it.
struct UnknownMark: PlanRule {
    static let code = DiagnosticCode.unknownMark

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        guard !plan.lacking.contains(.marks) else { return }
        // A step that several scenarios share finds its mark where one of them sets it.
        var known: Set<SourceSpan> = []
        var unknown: [(key: ParsedTemplate, marks: Candidates)] = []
        for keys in ScenarioSteps.all(of: plan).map(MarkKeys.init) where !keys.sought.isEmpty {
            let missing = keys.unknown
            // What a mark cannot be called is reported where it is set.
            let marks = Candidates(keys.set.map(\.source.text).filter { !Await.Since.words.contains($0) })
            unknown += missing.map { ($0, marks) }
            known.formUnion(Set(keys.sought.map(\.source.span)).subtracting(missing.map(\.source.span)))
        }
        // What could not be read may hold a key that varies, or one that a key here comes to.
        let mayLackTemplates = plan.unreadNames.contains { $0.contains("${") }
        let awaited = Self.keysOfAwaits(in: plan)
        for (key, marks) in unknown where !known.contains(key.source.span) {
            let isUnread =
                mayLackTemplates || (key.literal.map(plan.unreadNames.contains) ?? !plan.unreadNames.isEmpty)
            guard !isUnread else { continue }
            let text = key.source.text
            let help =
                suggestion(for: text, among: awaited.contains(key.source.span) ? Await.Since.words : []).map {
                    "did you mean '\($0)'?"
                }
                ?? marks.help(for: text, "marks", none: "set it before with '- mark: \(text)'")
            findings.append(Diagnostic(Self.code, .unknownMark(text), at: key.source.span, help: help))
        }
    }

    /// Where an `await` names a mark: there alone a misspelt word of its own may stand.
    private static func keysOfAwaits(in plan: Plan) -> Set<SourceSpan> {
        var spans: Set<SourceSpan> = []
        plan.walk { step in
            if case .await(let step) = step.kind, case .mark(let key)? = step.since?.value {
                spans.insert(key.source.span)
            }
        }
        return spans
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownMark(_ key: String) -> Self { Self("nothing sets a mark '\(key)'") }
}
