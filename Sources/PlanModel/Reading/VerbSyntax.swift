/// How a verb is written: its options, and whether it may stand alone.
struct VerbSyntax {
    /// The keys that may stand beside the verb.
    var options: [String] = []
    /// Those of them that have to be there.
    var needed: [NeededKey] = []
    /// The keys of the mapping that the verb may be given.
    var fields: [String] = []
    /// Whether it is given a mapping whose keys the author names.
    var takesNames = false
    /// Whether the bare word is a step.
    var canStandAlone = false
    /// A step with this verb, for messages.
    var example: String
}

extension Verb {
    var syntax: VerbSyntax {
        switch self {
        case .send:
            VerbSyntax(options: ["fragments"], fields: NodeReader.sendKeys.known, example: "- send: hello")
        case .ping: VerbSyntax(canStandAlone: true, example: "- ping")
        case .pong: VerbSyntax(canStandAlone: true, example: "- pong")
        case .close: VerbSyntax(fields: ["code", "reason"], canStandAlone: true, example: "- close")
        case .every:
            VerbSyntax(
                options: ["do", "times", "jitter", "first", "id"], needed: Self.body("do"),
                example: "- every: 1s\n  do:\n    - ping")
        case .after:
            VerbSyntax(options: ["do", "id"], needed: Self.body("do"), example: "- after: 2s\n  do:\n    - close")
        case .cancel: VerbSyntax(example: "- cancel: heartbeat")
        case .wait: VerbSyntax(fields: ["min", "max"], example: "- wait: 500ms")
        case .await:
            VerbSyntax(
                options: ["timeout", "name", "count", "since", "then", "else"],
                example: "- await: message.text == \"ready\"")
        case .check: VerbSyntax(takesNames: true, example: "- check:\n    greeted: message.text == \"hello\"")
        case .set: VerbSyntax(takesNames: true, example: "- set:\n    count: count + 1")
        case .let: VerbSyntax(takesNames: true, example: "- let:\n    id: message.json.id")
        case .log: VerbSyntax(fields: ["level", "message"], example: "- log: connected")
        case .if:
            VerbSyntax(
                options: ["then", "else"], needed: Self.body("then"),
                example: "- if: message.size > 100\n  then:\n    - close")
        case .repeat:
            VerbSyntax(options: ["do"], needed: Self.body("do"), example: "- repeat: 3\n  do:\n    - send: hello")
        case .while:
            VerbSyntax(
                options: ["do"], needed: Self.body("do"), example: "- while: count < 10\n  do:\n    - send: hello")
        case .for:
            VerbSyntax(
                options: ["in", "do"], needed: Self.body("do") + [NeededKey("in", .operand)],
                example: "- for: room\n  in: rooms\n  do:\n    - send: ${room}")
        case .use: VerbSyntax(options: ["with"], example: "- use: greet")
        case .group:
            VerbSyntax(options: ["do"], needed: Self.body("do"), example: "- group: login\n  do:\n    - send: hello")
        case .fail: VerbSyntax(example: "- fail: no answer")
        case .stopRun: VerbSyntax(example: "- stop_run: the server is full")
        case .mark: VerbSyntax(example: "- mark: order-${id}")
        case .measure:
            VerbSyntax(
                options: ["since", "since_ms"], example: "- measure: order_time\n  since: order-${message.json.id}")
        case .record: VerbSyntax(takesNames: true, example: "- record:\n    orders: 1")
        }
    }

    /// The option that holds what a step does.
    private static func body(_ name: String) -> [NeededKey] { [NeededKey(name, .steps)] }

    /// Whether later steps of the task may use names that such a step binds.
    var bindsNames: Bool { [.let, .await, .mark, .measure].contains(self) }

    /// All options of all verbs.
    static let allOptions = Set(allCases.flatMap(\.syntax.options))

    /// The verbs that have an option.
    static func having(option: String) -> [Verb] { allCases.filter { $0.syntax.options.contains(option) } }
}
