import Diagnostics
import PlanSyntax
import Quantities

/// Values with a unit of events in a time.
extension NodeReader {
    /// A rate, more than zero unless `orZero`; any where it is not known, or wrong.
    mutating func rate(_ node: PlanNode, of name: String, _ example: String, orZero: Bool = false) -> Located<Rate> {
        let fallback = Located(Self.anyRate, at: node.span)
        let text: String
        switch node.scalar.map({ settle($0) }) {
        case .written(let scalar)?:
            switch scalar.kind {
            case .string, .int, .double: text = scalar.text.text
            case .null, .bool:
                reportWrongType(node, of: name, Wanted("a rate", example))
                return fallback
            }
        case .rendered(let rendered)?: text = rendered
        case .unknown?: return fallback
        case nil:
            reportWrongType(node, of: name, Wanted("a rate", example))
            return fallback
        }
        let count = findings.count
        do {
            let rate = try RateText.rate(of: text)
            if rate > .zero || orZero { return Located(rate, at: node.span) }
            report(.outOfRange, .notAboveZero(name), at: node.span)
        } catch {
            report(
                .invalidRate, .invalidRate(text, error.inWords), at: node.span, help: RateText.help(for: text, error))
        }
        tellRendered(text, of: node, since: count)
        return fallback
    }

    /// Stands for a rate that is not known or wrong.
    static let anyRate = Rate(count: 1, perNanoseconds: 1_000_000_000)
}

extension Diagnostic.Message {
    fileprivate static func notAboveZero(_ name: String) -> Self { Self("\(name) has to be more than zero") }

    fileprivate static func invalidRate(_ text: String, _ problem: String) -> Self { Self("'\(text)' \(problem)") }
}
