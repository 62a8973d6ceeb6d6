import Diagnostics
import PlanSyntax
import Quantities

/// Values that the language judges before the run. Outside of steps each of them may be a template over `env`.
extension NodeReader {
    /// Text, with the environment in it; empty where it is not known.
    mutating func text(_ node: PlanNode, of name: String, _ example: String) -> Located<String> {
        Located(knownText(node, of: name, example)?.text ?? "", at: node.span)
    }

    /// Text, with the environment in it; nil where it is not known, or wrong.
    mutating func knownText(_ node: PlanNode, of name: String, _ example: String) -> LocatedText? {
        guard let scalar = node.scalar, !node.isNull else {
            reportWrongType(node, of: name, Wanted("text", example))
            return nil
        }
        switch settle(scalar) {
        case .written(let scalar): return scalar.text
        case .rendered(let text):
            // A place within rendered text is no place in the source: all of it stands for each.
            let whole = LocatedText.Run(
                textOffset: 0, sourceOffset: node.span.start, replacedLength: UInt32(node.span.range.count))
            return LocatedText(text, at: node.span, runs: [whole])
        case .unknown: return nil
        }
    }

    /// Text that is the same for every plan file: a name that other places or the summary refer to.
    /// Where it cannot be read, other places may refer to what it names, one of `namespaces`.
    mutating func literal(
        _ node: PlanNode, of name: String, _ example: String, in namespaces: Namespaces
    ) -> Located<String> {
        guard let scalar = node.scalar, !node.isNull else {
            reportWrongType(node, of: name, Wanted("text", example))
            lacking.formUnion(namespaces)
            return Located("", at: node.span)
        }
        checkComment(behind: scalar)
        return Located(literalText(scalar.text, of: name), at: node.span)
    }

    /// The name of something that is declared elsewhere: where it cannot be read, no declaration is missing.
    mutating func reference(_ node: PlanNode, of name: String, _ example: String) -> Located<String> {
        self.name(node, of: name, example, in: [])
    }

    /// A literal that names something, and so cannot be empty.
    mutating func name(
        _ node: PlanNode, of name: String, _ example: String, in namespaces: Namespaces
    ) -> Located<String> {
        let found = literal(node, of: name, example, in: namespaces)
        if found.value.isEmpty, node.scalar?.text.text.isEmpty == true, !node.isNull {
            reportEmptyName(name, at: node.span, help: "for example:\n\(example)")
        }
        return found
    }

    mutating func reportEmptyName(_ name: String, at span: SourceSpan, help: String? = nil) {
        report(.invalidName, .emptyName(name), at: span, help: help)
    }

    /// A key that names something: literal and not empty.
    mutating func name(_ key: LocatedText, of name: String) -> Located<String> {
        if key.text.isEmpty { reportEmptyName(name, at: key.span, help: "write a name before the ':'") }
        return Located(literalText(key, of: name), at: key.span)
    }

    private mutating func literalText(_ text: LocatedText, of name: String) -> String {
        if text.text.contains("${") {
            report(.notLiteral, .notLiteral(name), at: text.span, help: "write it out, without '${…}'")
        }
        return text.text
    }

    mutating func boolean(_ node: PlanNode, of name: String, _ example: String) -> Bool {
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, Wanted("true or false", example))
            return false
        }
        switch settle(scalar) {
        case .written(let scalar):
            if case .bool(let value) = scalar.kind { return value }
            reportWrongType(node, of: name, Wanted("true or false", example))
            return false
        case .rendered(let text):
            if text == "true" || text == "false" { return text == "true" }
            reportRendered(text, of: name, "true or false", at: node.span)
            return false
        case .unknown: return false
        }
    }

    /// A whole number within `range`; where there is none, the least of it.
    mutating func integer(
        _ node: PlanNode, of name: String, _ example: String, in range: ClosedRange<Int>, help: String? = nil
    ) -> Located<Int> {
        let fallback = Located(range.lowerBound, at: node.span)
        let wanted = Wanted("a whole number", example)
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, wanted)
            return fallback
        }
        switch settle(scalar) {
        case .written(let scalar):
            guard case .int(let value) = scalar.kind else {
                reportWrongType(node, of: name, wanted)
                return fallback
            }
            return checked(Int(value), of: name, in: range, help: help, at: node.span)
        case .rendered(let text):
            guard let value = Int(text) else {
                reportRendered(text, of: name, wanted.words, at: node.span)
                return fallback
            }
            let count = findings.count
            defer { tellRendered(text, since: count) }
            return checked(value, of: name, in: range, help: help, at: node.span)
        case .unknown: return fallback
        }
    }

    mutating func checked(
        _ value: Int, of name: String, in range: ClosedRange<Int>, help: String? = nil, at span: SourceSpan
    ) -> Located<Int> {
        if range.contains(value) { return Located(value, at: span) }
        report(.outOfRange, .outOfRange(name, range), at: span, help: help)
        return Located(range.lowerBound, at: span)
    }

    /// A duration in nanoseconds, longer than zero unless `orZero`; any where it is not known, or wrong.
    mutating func duration(
        _ node: PlanNode, of name: String, _ example: String, orZero: Bool = false
    ) -> Located<Int64> {
        knownDuration(node, of: name, example, orZero: orZero) ?? Located(Self.anyDuration, at: node.span)
    }

    /// A duration in nanoseconds, longer than zero unless `orZero`; nil where it is not known, or wrong.
    mutating func knownDuration(
        _ node: PlanNode, of name: String, _ example: String, orZero: Bool = false
    ) -> Located<Int64>? {
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, Wanted("a duration", example))
            return nil
        }
        switch settle(scalar) {
        case .written(let scalar): return duration(scalar, at: node, of: name, example, orZero: orZero)
        case .rendered(let text):
            let count = findings.count
            defer { tellRendered(text, since: count) }
            return duration(of: text, of: name, orZero: orZero, at: node.span)
        case .unknown: return nil
        }
    }

    /// A scalar as written that has to be a duration.
    mutating func duration(
        _ scalar: PlanNode.Scalar, at node: PlanNode, of name: String, _ example: String, orZero: Bool
    ) -> Located<Int64>? {
        switch scalar.kind {
        case .string, .int, .double: return duration(of: scalar.text.text, of: name, orZero: orZero, at: node.span)
        case .null, .bool:
            reportWrongType(node, of: name, Wanted("a duration", example))
            return nil
        }
    }

    private mutating func duration(
        of text: String, of name: String, orZero: Bool, at span: SourceSpan
    ) -> Located<Int64>? {
        do {
            let nanoseconds = try DurationText.nanoseconds(of: text)
            if nanoseconds > 0 || orZero { return Located(nanoseconds, at: span) }
            report(.outOfRange, .notAboveZero(name), at: span)
        } catch {
            report(
                .invalidDuration, .invalidDuration(text, error.inWords), at: span,
                help: DurationText.help(for: text, error))
        }
        return nil
    }

    /// Stands for a duration that is not known or wrong.
    static let anyDuration: Int64 = 1_000_000_000

    /// A size in bytes within `range`; where there is none, the least of it.
    mutating func size(
        _ node: PlanNode, of name: String, _ example: String, in range: ClosedRange<Int>
    ) -> Located<Int> {
        let fallback = Located(range.lowerBound, at: node.span)
        let text: String
        switch node.scalar.map({ settle($0) }) {
        case .written(let scalar)?:
            switch scalar.kind {
            case .string, .int, .double: text = scalar.text.text
            case .null, .bool:
                reportWrongType(node, of: name, Wanted("a size", example))
                return fallback
            }
        case .rendered(let rendered)?: text = rendered
        case .unknown?: return fallback
        case nil:
            reportWrongType(node, of: name, Wanted("a size", example))
            return fallback
        }
        let count = findings.count
        do {
            let bytes = try SizeText.bytes(of: text)
            if range.contains(bytes) { return Located(bytes, at: node.span) }
            report(.outOfRange, .sizeOutOfRange(name, range), at: node.span)
        } catch {
            report(
                .invalidSize, .invalidSize(text, error.inWords), at: node.span,
                help: SizeText.help(for: text, error))
        }
        tellRendered(text, of: node, since: count)
        return fallback
    }

    /// One of the words of `Choice`; where it is none of them, nil.
    mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ node: PlanNode, of name: String, _ example: String, as type: Choice.Type
    ) -> Located<Choice>? {
        let words = Choice.allCases.map(\.rawValue)
        guard let scalar = node.scalar, !node.isNull else {
            reportWrongType(node, of: name, Wanted("one of " + words.joined(separator: ", "), example))
            return nil
        }
        let text: String
        switch settle(scalar) {
        case .written(let scalar): text = scalar.text.text
        case .rendered(let rendered): text = rendered
        case .unknown: return nil
        }
        if let choice = Choice(rawValue: text) { return Located(choice, at: node.span) }
        let count = findings.count
        reportUnknownChoice(text, of: name, among: words, at: node.span)
        if text != scalar.text.text { tellRendered(text, since: count) }
        return nil
    }

    /// Reports a word that is none of `words`; `meant` is what is known to be meant by it, if not itself.
    mutating func reportUnknownChoice(
        _ text: String, of name: String, among words: [String], meant: String? = nil, at span: SourceSpan
    ) {
        report(
            .unknownChoice, .unknownChoice(text, name), at: span,
            help: suggestion(for: meant ?? text, among: words).map { "did you mean '\($0)'?" }
                ?? "it is one of: " + words.joined(separator: ", "))
    }

    private mutating func reportRendered(_ text: String, of name: String, _ wanted: String, at span: SourceSpan) {
        let count = findings.count
        report(.wrongType, .renderedWrong(name, wanted), at: span)
        tellRendered(text, since: count)
    }
}

extension Diagnostic.Message {
    fileprivate static func emptyName(_ name: String) -> Self { Self("\(name) cannot be empty") }

    fileprivate static func notLiteral(_ name: String) -> Self {
        Self("\(name) has to be literal text, not a template")
    }

    fileprivate static func outOfRange(_ name: String, _ range: ClosedRange<Int>) -> Self {
        range.upperBound == .max
            ? Self("\(name) has to be at least \(range.lowerBound)")
            : Self("\(name) has to be between \(range.lowerBound) and \(range.upperBound)")
    }

    fileprivate static func notAboveZero(_ name: String) -> Self { Self("\(name) has to be longer than zero") }

    fileprivate static func sizeOutOfRange(_ name: String, _ range: ClosedRange<Int>) -> Self {
        let (low, high) = (SizeText.text(ofBytes: range.lowerBound), SizeText.text(ofBytes: range.upperBound))
        return Self("\(name) has to be between \(low) and \(high)")
    }

    fileprivate static func invalidSize(_ text: String, _ problem: String) -> Self { Self("'\(text)' \(problem)") }

    fileprivate static func invalidDuration(_ text: String, _ problem: String) -> Self { Self("'\(text)' \(problem)") }

    fileprivate static func unknownChoice(_ text: String, _ name: String) -> Self {
        Self("'\(text)' is unknown as \(name)")
    }

    fileprivate static func renderedWrong(_ name: String, _ wanted: String) -> Self {
        Self("\(name) has to be \(wanted)")
    }
}
