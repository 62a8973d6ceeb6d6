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
        guard node.mapping != nil else {
            guard node.sequence == nil else {
                reportWrongType(node, of: "'send'", Wanted("text, or a mapping with 'text' or 'json'", example))
                return .json(ValueTemplate(.null, at: node.span))
            }
            return .template(template(node, of: "'send'", example))
        }
        let failures = findings.count
        guard let fields = fields(node, of: Self.sendKeys, example: example) else {
            return .json(ValueTemplate(.null, at: node.span))
        }
        let text = fields.entry("text")
        let json = fields.entry("json")
        if let text, let json { reportConflict(text.key, json.key) }
        if let text { return .text(template(text.value, of: "'text'", "text: hello")) }
        if let json {
            let value = value(json.value)
            checkNumbers(value)
            return .json(value)
        }
        if findings.count == failures {
            reportMissing("text' or 'json", of: "'send'", fields, example: example)
        }
        return .json(ValueTemplate(.null, at: node.span))
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
    fileprivate static let numberWithoutJSON = Self("JSON has no such number")
}
