import Diagnostics
import EventProgram
import Expressions
import PlanModel
import Quantities

/// Durations, sizes and whole numbers of steps. What a template gives is known when it is evaluated; that it can never give what
/// is needed is often known before.
extension ScenarioCompiler {
    mutating func duration(_ operand: DurationOperand, _ scope: Scope) -> DurationSource? {
        switch operand {
        case .nanoseconds(let nanoseconds): return .nanoseconds(nanoseconds.value)
        case .template(let parsed):
            guard let template = template(parsed, scope) else { return nil }
            if let problem = QuantityForm.duration.problem(of: template) { diagnostics.append(problem) }
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

    mutating func size(_ operand: SizeOperand, _ scope: Scope) -> SizeSource? {
        switch operand {
        case .bytes(let bytes):
            if bytes.value > Effects.byteLimit {
                diagnostics.append(
                    Diagnostic(
                        .outOfRange, .tooMuchForOneMessage, at: bytes.span,
                        help: "one event or tick can send \(SizeText.text(ofBytes: Effects.byteLimit)) at most"))
            }
            return .bytes(bytes.value)
        case .template(let parsed):
            guard let template = template(parsed, scope) else { return nil }
            if let problem = QuantityForm.size.problem(of: template) { diagnostics.append(problem) }
            return .template(template)
        }
    }
}

/// What a template has to give where a quantity with its unit is needed.
private struct QuantityForm {
    var name: String
    /// What its units measure.
    var dimension: String
    var malformed: DiagnosticCode
    /// A unit, for an example.
    var unit: String
    var unitNames: [String]
    var unitsInWords: String
    /// What is wrong with a text, in words that continue it, and what helps; nil where all is well.
    var problem: @Sendable (String) -> (words: String, help: String)?

    static let duration = QuantityForm(
        name: "duration", dimension: "time", malformed: .invalidDuration, unit: "ms",
        unitNames: DurationText.unitNames, unitsInWords: DurationText.unitsInWords
    ) { text in
        do throws(DurationText.Problem) {
            _ = try DurationText.nanoseconds(of: text)
            return nil
        } catch {
            return (error.inWords, DurationText.help(for: text, error))
        }
    }

    static let size = QuantityForm(
        name: "size", dimension: "size", malformed: .invalidSize, unit: "KiB", unitNames: SizeText.unitNames,
        unitsInWords: SizeText.unitsInWords
    ) { text in
        do throws(SizeText.Problem) {
            _ = try SizeText.bytes(of: text)
            return nil
        } catch {
            return (error.inWords, SizeText.help(for: text, error))
        }
    }

    /// Why a template can never give such a quantity, as far as that is known.
    func problem(of template: Template) -> Diagnostic? {
        let span = template.source.span
        if let constant = template.constant {
            let text = String(decoding: constant, as: UTF8.self)
            return problem(text).map { Diagnostic(malformed, .malformed(text, $0.words), at: span, help: $0.help) }
        }
        let types = template.staticType
        if types.isSubset(of: .number) {
            return Diagnostic(
                malformed, .withoutUnit(name, types), at: span,
                help: "put the unit behind it, for example \(template.source.text)\(unit)")
        }
        if !types.contains(.string) {
            return Diagnostic(.typeMismatch, .noQuantity(name, types), at: span, help: unitsInWords)
        }
        // The unit's first letters may come from an expression, its last ones stand here.
        let letters = String(template.trailingText.reversed().prefix { $0.isLetter }.reversed())
        guard !letters.isEmpty, !unitNames.contains(where: { $0.hasSuffix(letters) }) else { return nil }
        return Diagnostic(malformed, .unknownUnit(letters, of: dimension), at: span, help: unitsInWords)
    }
}

extension Diagnostic.Message {
    fileprivate static func malformed(_ text: String, _ problem: String) -> Self { Self("'\(text)' \(problem)") }

    fileprivate static func withoutUnit(_ quantity: String, _ types: ValueTypes) -> Self {
        Self("a \(quantity) needs a unit, this is \(types) without one")
    }

    fileprivate static func noQuantity(_ quantity: String, _ types: ValueTypes) -> Self {
        Self("a \(quantity) should stand here, this is \(types)")
    }

    fileprivate static func unknownUnit(_ letters: String, of dimension: String) -> Self {
        Self("'\(letters)' is no unit of \(dimension)")
    }

    fileprivate static let tooMuchForOneMessage = Self("this is too much for one message")

    fileprivate static func noWholeNumber(_ found: String) -> Self {
        Self("a whole number should stand here, this is \(found)")
    }

    fileprivate static func noDigits(_ text: String) -> Self {
        Self("a whole number should stand here, and '\(text)' is none of its digits")
    }
}
