import Diagnostics
import PlanSyntax

/// `on_…` and `handlers`.
extension NodeReader {
    private static let handlerKeys = KeySpace(
        owner: "a handler", known: ["event", "name", "if", "do"],
        needed: [NeededKey("event", .event), NeededKey("do", .steps)])

    /// Reads the keys of handlers that are there, each in the place of what it was before.
    mutating func read(_ fields: Fields, into lists: inout HandlerLists) {
        for event in Handler.Event.allCases {
            // One that is written twice is an error, and the steps of both are judged.
            let entries = fields.all("on_\(event.rawValue)")
            guard !entries.isEmpty else { continue }
            lists.ofEvents[event] = entries.map {
                Handler(event: event, steps: steps($0.value, of: "'\($0.key.text)'"), span: $0.key.span)
            }
        }
        guard let node = fields["handlers"] else { return }
        let example = "handlers:\n  - event: pong\n    do:\n      - log: pong"
        guard let elements = node.sequence ?? listWithoutSpaces(node) else {
            reportWrongType(node, of: "'handlers'", Wanted("a list", example))
            isComplete = false
            lists.listed = []
            return
        }
        lists.listed = elements.compactMap { handler($0, example: example) }
    }

    private mutating func handler(_ node: PlanNode, example: String) -> Handler? {
        let node = withEventAsValue(node) ?? node
        guard let fields = fields(node, of: Self.handlerKeys, example: example) else { return nil }
        var event: Located<Handler.Event>?
        if let node = fields["event"] {
            event = choice(node, of: "an event", "event: pong", as: Handler.Event.self)
        } else {
            reportMissing("event", of: "a handler", fields, example: example)
        }
        let name = fields["name"].map { text($0, of: "the name of a handler", "name: second pong") }
        if name?.value.isEmpty == true, let node = fields["name"], node.scalar?.text.text.isEmpty == true, !node.isNull
        {
            reportEmptyName("the name of a handler", at: node.span, help: "leave it out, or write one")
        }
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

    /// A handler that has its event for a key, which is reported, as it should be written; nil for any other.
    private mutating func withEventAsValue(_ node: PlanNode) -> PlanNode? {
        guard var entries = node.mapping, !entries.contains(where: { ["event", "do"].contains($0.key.text) }),
            let index = entries.firstIndex(where: { Handler.Event(key: $0.key.text) != nil }),
            let event = Handler.Event(key: entries[index].key.text)
        else { return nil }
        let entry = entries[index]
        report(
            .unknownKey, .eventAsKey(entry.key.text), at: entry.key.span,
            help: "write:\n- event: \(event.rawValue)\n  do:\n    - log: \(event.rawValue)")
        let name = LocatedText(event.rawValue, at: entry.key.span)
        entries[index] = .init(
            key: LocatedText("event", at: entry.key.span),
            value: PlanNode(.scalar(.init(name, kind: .string, style: .plain)), at: name.span))
        entries.insert(.init(key: LocatedText("do", at: entry.key.span), value: entry.value), at: index + 1)
        return PlanNode(.mapping(entries), at: node.span, isFlow: node.isFlow, isComplete: node.isComplete)
    }
}

/// The handlers of a scenario by the keys that they stand under, which it has from the plan or itself.
struct HandlerLists {
    /// Of `on_…`.
    var ofEvents: [Handler.Event: [Handler]] = [:]
    /// Of `handlers`.
    var listed: [Handler] = []

    /// In the order in which those of one event start.
    var inOrder: [Handler] { Handler.Event.allCases.flatMap { ofEvents[$0] ?? [] } + listed }
}

extension Handler.Event {
    /// The event of `message` or `on_message`.
    fileprivate init?(key: String) {
        self.init(rawValue: key.hasPrefix("on_") ? String(key.dropFirst(3)) : key)
    }
}

extension Diagnostic.Message {
    fileprivate static func eventAsKey(_ key: String) -> Self {
        Self("a handler names its event in 'event', it has no key '\(key)'")
    }
}
