import Diagnostics
import Expressions
import PlanSyntax

/// What the verbs are given.
extension NodeReader {
    mutating func kind(of verb: Verb, _ node: PlanNode, _ fields: Fields) -> Step.Kind {
        switch verb {
        case .send: send(node, fields)
        case .ping: .ping(controlPayload(node, verb))
        case .pong: .pong(controlPayload(node, verb))
        case .close: .close(close(node))
        case .every: every(node, fields)
        case .after:
            .after(
                After(
                    delay: durationOperand(node, verb, orZero: true), id: timerID(fields),
                    steps: body(fields, "do", of: verb)))
        case .cancel: .cancel(reference(node, of: "the id of a timer", verb.syntax.example))
        case .wait: .wait(wait(node))
        case .await: awaiting(node, fields)
        case .check: .check(checks(node))
        case .set: .set(assignments(node, of: .set))
        case .let: .let(assignments(node, of: .let))
        case .log: .log(log(node))
        case .if:
            .if(
                If(
                    condition: condition(node, of: "'if'", verb.syntax.example), then: body(fields, "then", of: verb),
                    otherwise: optionalBody(fields, "else") ?? []))
        case .repeat:
            .repeat(
                Repeat(
                    count: integerOperand(node, of: "'repeat'", verb.syntax.example, in: 0...Int.max),
                    steps: body(fields, "do", of: verb)))
        case .while:
            .while(
                While(
                    condition: condition(node, of: "'while'", verb.syntax.example), steps: body(fields, "do", of: verb))
            )
        case .for: loop(node, fields)
        case .use: use(node, fields)
        case .group:
            .group(
                Group(
                    name: name(node, of: "the name of a group", verb.syntax.example, in: .samples),
                    steps: body(fields, "do", of: verb)))
        case .fail: .fail(template(node, of: "'fail'", verb.syntax.example))
        case .stopRun: .stopRun(template(node, of: "'stop_run'", verb.syntax.example))
        case .mark: .mark(mark(node))
        case .measure: .measure(measure(node, fields))
        case .record: .record(samples(node))
        }
    }

    mutating func body(_ fields: Fields, _ key: String, of verb: Verb) -> [Step] {
        if let steps = optionalBody(fields, key) {
            // A list with `else` may leave out what to do otherwise; a body of nothing is forgotten.
            if key == "do", let node = fields[key], node.isComplete, node.sequence?.isEmpty == true {
                reportEmpty(node, of: "'do'", example: verb.syntax.example)
            }
            return steps
        }
        isComplete = false
        // One that stands in the verb's own value was reported as that.
        if let inner = fields[verb.rawValue]?.mapping?.first(where: { $0.key.text == key }) {
            return steps(inner.value, of: "'\(key)'")
        }
        reportMissing(key, of: "'\(verb.rawValue)'", fields, example: verb.syntax.example)
        return []
    }

    mutating func optionalBody(_ fields: Fields, _ key: String) -> [Step]? {
        fields[key].map { steps($0, of: "'\(key)'") }
    }

    private mutating func checks(_ node: PlanNode) -> [NamedCondition] {
        checkNotEmpty(node, of: .check)
        if node.mapping == nil || !node.isComplete { lacking.formUnion(.samples) }
        return entries(node, of: "'check'", Wanted("a mapping of names to conditions", Verb.check.syntax.example))
            .map { entry in
                NamedCondition(
                    name: name(entry.key, of: "the name of a check"),
                    condition: condition(entry.value, of: "a check", Verb.check.syntax.example))
            }
    }

    /// Reports a mapping that says nothing.
    mutating func checkNotEmpty(_ node: PlanNode, of verb: Verb) {
        guard node.mapping?.isEmpty == true, node.isComplete else { return }
        reportEmpty(node, of: "'\(verb.rawValue)'", example: verb.syntax.example)
    }

    private static let logKeys = KeySpace(
        owner: "'log'", known: ["level", "message"], needed: [NeededKey("message", .text)])

    private mutating func log(_ node: PlanNode) -> Log {
        let example = "- log:\n    level: warn\n    message: slow"
        guard node.mapping != nil else {
            return Log(message: template(node, of: "'log'", Verb.log.syntax.example))
        }
        let nothing = ParsedTemplate(literal: LocatedText("", at: node.span))
        guard let fields = fields(node, of: Self.logKeys, example: example) else { return Log(message: nothing) }
        let level = fields["level"].flatMap { choice($0, of: "a level", "level: warn", as: Log.Level.self) }
        guard let message = fields["message"] else {
            reportMissing("message", of: "'log'", fields, example: example)
            return Log(message: nothing)
        }
        return Log(level: level?.value ?? .info, message: template(message, of: "'message'", "message: slow"))
    }

    private mutating func loop(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let example = Verb.for.syntax.example
        let variable = literal(node, of: "'for'", example, in: .variables)
        if node.scalar != nil, !node.isNull { checkVariable(variable) }
        let list: Operand
        if let node = fields["in"] {
            list = operand(node)
        } else {
            reportMissing("in", of: "'for'", fields, example: example)
            list = .unreadable(node.span)
        }
        return .for(For(variable: variable, list: list, steps: body(fields, "do", of: .for)))
    }

    private mutating func use(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let with = fields["with"]
        return .use(
            Use(
                block: reference(node, of: "the name of a block", Verb.use.syntax.example),
                arguments: with.map { assignments($0, of: "with", in: []) } ?? [],
                mayLackArguments: !fields.isComplete || with.map { $0.mapping == nil || !$0.isComplete } ?? false))
    }
}
