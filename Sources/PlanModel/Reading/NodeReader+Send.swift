package import Diagnostics
package import Expressions
import PlanSyntax

/// `send`: one message.
extension NodeReader {
    /// What a payload may be made of; one of them stands in a `send`.
    private static let payloadKeys = ["text", "json", "base64", "hex", "file", "random"]
    static let sendKeys = KeySpace(
        owner: "'send'", known: payloadKeys + ["as"], beside: ["fragments"])

    mutating func send(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let fragments = fields["fragments"].map {
            integerOperand($0, of: "'fragments'", "fragments: 3", in: 1...1_000_000)
        }
        return .send(Send(payload: payload(node), fragments: fragments))
    }

    private mutating func payload(_ node: PlanNode) -> Send.Payload {
        let example = "- send: hello\n- send:\n    json:\n      type: greeting"
        guard node.scalar == nil, !node.isUnreadable else {
            return .template(template(node, of: "'send'", example))
        }
        if node.isComplete, isMessage(node) {
            reportBareJSON(node)
            return json(node)
        }
        let nothing = Send.Payload.json(ValueTemplate(.null, at: node.span))
        let failures = findings.count
        guard let fields = fields(node, of: Self.sendKeys, example: example) else { return nothing }
        let entries = Self.payloadKeys.compactMap { fields.entry($0) }
        for other in entries.dropFirst() { reportConflict(entries[0].key, other.key) }
        guard let entry = entries.first else {
            if findings.count == failures {
                reportMissing(
                    "text', 'json', 'base64', 'hex', 'file' or 'random", of: "'send'", fields, example: example)
            }
            return nothing
        }
        return payload(entry, fields)
    }

    /// A payload by its key.
    private mutating func payload(_ entry: PlanNode.Entry, _ fields: Fields) -> Send.Payload {
        let kind = messageKind(entry.key, fields)
        // The key may be a misspelt form of the one that it is read as.
        switch Self.payloadKeys.first(where: { fields.entry($0)?.key.span == entry.key.span }) {
        case "text": return .text(template(entry.value, of: "'text'", "text: hello"))
        case "base64": return encoded(.base64, entry.value, "base64: aGVsbG8=")
        case "hex": return encoded(.hex, entry.value, "hex: 68656c6c6f")
        case "file": return .file(planPath(entry.value, of: "'file'", "file: payload.bin"), as: kind ?? .binary)
        case "random": return .random(sizeOperand(entry.value, of: "'random'", "random: 1KiB"), as: kind ?? .binary)
        default: return json(entry.value)
        }
    }

    /// `as`, which only what may be sent as either has.
    private mutating func messageKind(_ payload: LocatedText, _ fields: Fields) -> Send.MessageKind? {
        guard let entry = fields.entry("as") else { return nil }
        guard fields.entry("file") != nil || fields.entry("random") != nil else {
            report(
                .misplacedOption, .fixedKind(payload.text), at: entry.key.span,
                help: "leave it out: 'text' and 'json' are sent as text, 'base64' and 'hex' as binary")
            return nil
        }
        return choice(entry.value, of: "'as'", "as: text", as: Send.MessageKind.self)?.value
    }

    private mutating func encoded(_ encoding: BinaryEncoding, _ node: PlanNode, _ example: String) -> Send.Payload {
        let payload = template(node, of: "'\(encoding.rawValue)'", example)
        guard let literal = payload.literal else { return .encoded(encoding, payload) }
        do throws(BinaryEncoding.Problem) {
            _ = try encoding.decode(Array(literal.utf8))
        } catch {
            findings.append(.malformedPayload(error, in: payload.source))
        }
        return .encoded(encoding, payload)
    }

    private mutating func json(_ node: PlanNode) -> Send.Payload {
        let value = value(node)
        checkNumbers(value)
        return .json(value)
    }

    /// Whether a value is no mapping of keys that `send` has, nor of misspelt ones.
    private func isMessage(_ node: PlanNode) -> Bool {
        guard let keys = node.mapping?.map(\.key.text) else { return true }
        let known = Self.sendKeys.known + Self.sendKeys.beside
        return !keys.isEmpty && !keys.contains(where: known.contains)
            && !keys.allSatisfy { suggestion(for: $0, among: known) != nil || Self.isIgnored($0) }
    }

    private mutating func reportBareJSON(_ node: PlanNode) {
        let source = file.text(of: node.span)
        let canBeShown = node.isFlow && !source.contains("\n") && source.utf8.count < 120
        report(
            .wrongType, .bareJSON(node.kindInWords), at: node.span,
            help: "for example:\n- send:\n    json:" + (canBeShown ? " " + source : "\n      type: greeting"))
    }

    /// Reports numbers of a payload that JSON cannot say.
    private mutating func checkNumbers(_ value: ValueTemplate) {
        switch value.content {
        case .number(let number) where number.json == nil:
            report(
                .numberWithoutJSON, .numberWithoutJSON, at: value.span,
                help: "put it in quotes to send it as text, or write null")
        case .list(let elements): for element in elements { checkNumbers(element) }
        case .map(let entries): for entry in entries { checkNumbers(entry.value) }
        case .null, .bool, .number, .template, .unreadable: break
        }
    }
}

extension Diagnostic {
    /// A payload that is written as text and stands for no bytes.
    package static func malformedPayload(_ problem: BinaryEncoding.Problem, in text: LocatedText) -> Diagnostic {
        var span = text.span
        if case .stranger(let character, let offset, _) = problem, text.text.utf8.count > offset {
            span = text.span(of: offset..<offset + character.utf8.count)
        }
        let help =
            switch problem {
            case .stranger(_, _, .base64), .end(.base64): "for example aGVsbG8=, with the letters of RFC 4648 §4"
            case .stranger(_, _, .hex), .end(.hex): "for example 00ff, two digits for each byte"
            }
        return Diagnostic(.malformedPayload, Message(problem.inWords), at: span, help: help)
    }
}

extension Diagnostic.Message {
    fileprivate static func bareJSON(_ kind: String) -> Self {
        Self("\(kind) to send as JSON stands below 'json'")
    }

    fileprivate static let numberWithoutJSON = Self("JSON has no such number")

    fileprivate static func fixedKind(_ payload: String) -> Self { Self("'as' does not go with '\(payload)'") }
}
