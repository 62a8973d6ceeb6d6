import Diagnostics
import EventProgram
import Expressions
import PlanModel
import Quantities

/// Durations and whole numbers of steps. What a template gives is known when it is evaluated; that it can never give what
/// is needed is often known before.
extension ScenarioCompiler {
    mutating func duration(_ operand: DurationOperand, _ scope: Scope) -> DurationSource? {
        switch operand {
        case .nanoseconds(let nanoseconds): return .nanoseconds(nanoseconds.value)
        case .template(let parsed):
            guard let template = template(parsed, scope) else { return nil }
            if let problem = problem(ofDuration: template) { diagnostics.append(problem) }
            return .template(template)
        }
    }

    mutating func source(of operand: IntegerOperand, _ scope: Scope) -> ValueSource? {
        switch operand {
        case .value(let value): return .constant(.int(value.value))
        case .template(let parsed):
            guard let template = template(parsed, scope) else { return nil }
            if let constant = template.constant {
                let text = String(decoding: constant, as: UTF8.self)
                if Int64(text) == nil {
                    diagnostics.append(
                        Diagnostic(
                            .typeMismatch, .noWholeNumber(text), at: parsed.source.span, help: Self.wholeNumberHelp))
                }
            } else if let single = parsed.single, template.staticType.isDisjoint(with: [.int, .uint, .double, .string])
            {
                diagnostics.append(
                    Diagnostic(
                        .typeMismatch, .noWholeNumber("\(template.staticType)"), at: single.source.span,
                        help: Self.wholeNumberHelp))
            } else if let text = parsed.literals.first(where: { !$0.utf8.allSatisfy(Self.isDigitOrSign) }) {
                diagnostics.append(
                    Diagnostic(
                        .typeMismatch, .noDigits(text), at: parsed.source.span, help: Self.wholeNumberHelp))
            }
            return .template(template)
        }
    }

    private static let wholeNumberHelp = "for example 3, or ${size(items)}"

    private static func isDigitOrSign(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    /// Why a template can never give a duration, as far as that is known.
    private func problem(ofDuration template: Template) -> Diagnostic? {
        let span = template.source.span
        if let constant = template.constant {
            let text = String(decoding: constant, as: UTF8.self)
            do {
                _ = try DurationText.nanoseconds(of: text)
                return nil
            } catch {
                return Diagnostic(
                    .invalidDuration, .invalidDuration(text, error.inWords), at: span,
                    help: DurationText.help(for: text, error))
            }
        }
        let types = template.staticType
        if types.isSubset(of: .number) {
            return Diagnostic(
                .invalidDuration, .withoutUnit(types), at: span,
                help: "put the unit behind it, for example \(template.source.text)ms")
        }
        if !types.contains(.string) {
            return Diagnostic(.typeMismatch, .noDuration(types), at: span, help: DurationText.unitsInWords)
        }
        // The unit's first letters may come from an expression, its last ones stand here.
        let letters = String(template.trailingText.reversed().prefix { $0.isLetter }.reversed())
        guard !letters.isEmpty, !DurationText.unitNames.contains(where: { $0.hasSuffix(letters) }) else { return nil }
        return Diagnostic(.invalidDuration, .unknownUnit(letters), at: span, help: DurationText.unitsInWords)
    }
}

extension Diagnostic.Message {
    fileprivate static func invalidDuration(_ text: String, _ problem: String) -> Self { Self("'\(text)' \(problem)") }

    fileprivate static func withoutUnit(_ types: ValueTypes) -> Self {
        Self("a duration needs a unit, this is \(types) without one")
    }

    fileprivate static func noDuration(_ types: ValueTypes) -> Self {
        Self("a duration should stand here, this is \(types)")
    }

    fileprivate static func unknownUnit(_ letters: String) -> Self { Self("'\(letters)' is no unit of time") }

    fileprivate static func noWholeNumber(_ found: String) -> Self {
        Self("a whole number should stand here, this is \(found)")
    }

    fileprivate static func noDigits(_ text: String) -> Self {
        Self("a whole number should stand here, and '\(text)' is none of its digits")
    }
}
