import Diagnostics
import PlanSyntax

/// `on_…` and `handlers`.
extension NodeReader {
    private static let handlerKeys = KeySpace(owner: "a handler", known: ["event", "name", "if", "do"])

    /// All handlers, in the order in which those of one event start.
    mutating func handlers(_ fields: Fields) -> [Handler] {
        var handlers: [Handler] = []
        for event in Handler.Event.allCases {
            // One that is written twice is an error, and the steps of both are judged.
            for entry in fields.all("on_\(event.rawValue)") {
                handlers.append(
                    Handler(event: event, steps: steps(entry.value, of: "'\(entry.key.text)'"), span: entry.key.span))
            }
        }
        guard let node = fields["handlers"] else { return handlers }
        let example = "handlers:\n  - event: pong\n    do:\n      - log: pong"
        guard let elements = node.sequence else {
            reportWrongType(node, of: "'handlers'", Wanted("a list", example))
            isComplete = false
            return handlers
        }
        return handlers + elements.compactMap { handler($0, example: example) }
    }

    private mutating func handler(_ node: PlanNode, example: String) -> Handler? {
        guard let fields = fields(node, of: Self.handlerKeys, example: example) else { return nil }
        var event: Located<Handler.Event>?
        if let node = fields["event"] {
            event = choice(node, of: "an event", "event: pong", as: Handler.Event.self)
        } else {
            reportMissing("event", of: "a handler", fields, example: example)
        }
        let name = fields["name"].map { self.name($0, of: "the name of a handler", "name: second pong") }
        let condition = fields["if"].map { self.condition($0, of: "'if'", "if: message.size > 0") }
        var steps: [Step] = []
        if let node = fields["do"] {
            steps = self.steps(node, of: "'do'")
        } else {
            reportMissing("do", of: "a handler", fields, example: example)
        }
        guard let event else {
            isComplete = false
            return nil
        }
        return Handler(event: event.value, name: name, condition: condition, steps: steps, span: event.span)
    }
}
