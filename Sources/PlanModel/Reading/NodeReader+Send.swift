import Diagnostics
import Expressions
import PlanSyntax

/// `send`: one message.
extension NodeReader {
    private static let sendKeys = KeySpace(
        owner: "'send'", known: ["text", "json"], later: ["base64", "hex", "file", "random", "as"],
        beside: ["fragments"])

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
        let failures = findings.count
        guard let fields = fields(node, of: Self.sendKeys, example: example) else {
            return .json(ValueTemplate(.null, at: node.span))
        }
        let text = fields.entry("text")
        let json = fields.entry("json")
        if let text, let json { reportConflict(text.key, json.key) }
        if let text { return .text(template(text.value, of: "'text'", "text: hello")) }
        if let json { return self.json(json.value) }
        if findings.count == failures {
            reportMissing("text' or 'json", of: "'send'", fields, example: example)
        }
        return .json(ValueTemplate(.null, at: node.span))
    }

    private mutating func json(_ node: PlanNode) -> Send.Payload {
        let value = value(node)
        checkNumbers(value)
        return .json(value)
    }

    /// Whether a value is no mapping of keys that `send` has, nor of misspelt ones.
    private func isMessage(_ node: PlanNode) -> Bool {
        guard let keys = node.mapping?.map(\.key.text) else { return true }
        let known = Self.sendKeys.known + Self.sendKeys.later + Self.sendKeys.beside
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
        case .null, .bool, .number, .template: break
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func bareJSON(_ kind: String) -> Self {
        Self("\(kind) to send as JSON stands below 'json'")
    }

    fileprivate static let numberWithoutJSON = Self("JSON has no such number")
}
