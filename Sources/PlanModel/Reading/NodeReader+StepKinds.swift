internal import Diagnostics
internal import Expressions
internal import PlanSyntax

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
        case .cancel: .cancel(name(node, of: "the id of a timer", verb.syntax.example))
        case .wait: .wait(wait(node))
        case .await: awaiting(node, fields)
        case .check: .check(checks(node))
        case .set: .set(assignments(node, of: "set"))
        case .let: .let(assignments(node, of: "let"))
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
                    condition: condition(node, of: "'while'", verb.syntax.example), steps: body(fields, "do", of: verb)))
        case .for: loop(node, fields)
        case .use: use(node, fields)
        case .group:
            .group(
                Group(
                    name: name(node, of: "the name of a group", verb.syntax.example),
                    steps: body(fields, "do", of: verb)))
        case .fail: .fail(template(node, of: "'fail'", verb.syntax.example))
        case .stopRun: .stopRun(template(node, of: "'stop_run'", verb.syntax.example))
        }
    }

    // MARK: Lists of steps within a step

    private mutating func body(_ fields: Fields, _ key: String, of verb: Verb) -> [Step] {
        if let steps = optionalBody(fields, key) { return steps }
        hasUnreadSteps = true
        reportMissing(key, of: "'\(verb.rawValue)'", at: fields.span, example: verb.syntax.example)
        return []
    }

    private mutating func optionalBody(_ fields: Fields, _ key: String) -> [Step]? {
        fields[key].map { steps($0, of: "'\(key)'") }
    }

    // MARK: Messages

    private static let sendKeys = KeySpace(
        owner: "'send'", known: ["text", "json"], later: ["base64", "hex", "file", "random", "as"])

    private mutating func send(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
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
            reportMissing("text' or 'json", of: "'send'", at: node.span, example: example)
        }
        return .json(ValueTemplate(.null, at: node.span))
    }

    /// Reports numbers of a payload that JSON cannot say.
    private mutating func checkNumbers(_ value: ValueTemplate) {
        switch value.content {
        case .number(let number) where number.json == nil:
            report(.numberWithoutJSON, .numberWithoutJSON, at: value.span)
        case .list(let elements): for element in elements { checkNumbers(element) }
        case .map(let entries): for entry in entries { checkNumbers(entry.value) }
        case .null, .bool, .number, .template: break
        }
    }

    // MARK: Control frames

    private mutating func controlPayload(_ node: PlanNode, _ verb: Verb) -> ParsedTemplate? {
        // `ping:` with nothing behind it is the bare word with a colon too many.
        if node.isNull, node.scalar?.text.text.isEmpty == true { return nil }
        let payload = template(node, of: "'\(verb.rawValue)'", "- \(verb.rawValue): hello")
        checkLength(of: payload, limit: 125, "the payload of a \(verb.rawValue)")
        return payload
    }

    /// RFC 6455 §5.5: a control frame holds 125 bytes, of which a close frame's code takes two.
    private mutating func checkLength(of payload: ParsedTemplate, limit: Int, _ name: String) {
        guard let literal = payload.literal, literal.utf8.count > limit else { return }
        report(
            .controlPayloadTooLong, .tooLong(name, limit: limit, found: literal.utf8.count), at: payload.source.span)
    }

    private static let closeKeys = KeySpace(owner: "'close'", known: ["code", "reason"])

    private mutating func close(_ node: PlanNode) -> Close {
        if node.isNull, node.scalar?.text.text.isEmpty == true { return Close() }
        let example = "- close:\n    code: 1000\n    reason: done"
        guard let fields = fields(node, of: Self.closeKeys, example: example) else { return Close() }
        let code = fields["code"].map { integerOperand($0, of: "'code'", "code: 1000", in: 0...Int.max) }
        if case .value(let code)? = code, !canBeSent(Int(code.value)) {
            report(.invalidCloseCode, .cannotBeSent(code.value), at: code.span, help: Self.closeCodeHelp)
        }
        let reason = fields["reason"].map { template($0, of: "'reason'", "reason: done") }
        if let reason { checkLength(of: reason, limit: 123, "the reason of a close") }
        return Close(code: code, reason: reason)
    }

    // MARK: Time

    private mutating func every(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        .every(
            Every(
                interval: durationOperand(node, .every, orZero: false),
                times: fields["times"].map { integerOperand($0, of: "'times'", "times: 3", in: 1...Int.max) },
                jitter: fields["jitter"].map { durationOperand($0, of: "'jitter'", "jitter: 100ms", orZero: true) },
                first: fields["first"].map { durationOperand($0, of: "'first'", "first: 0s", orZero: true) },
                id: timerID(fields), steps: body(fields, "do", of: .every)))
    }

    private mutating func timerID(_ fields: Fields) -> Located<String>? {
        fields["id"].map { name($0, of: "the id of a timer", "id: heartbeat") }
    }

    private static let waitKeys = KeySpace(owner: "'wait'", known: ["min", "max"])

    private mutating func wait(_ node: PlanNode) -> Wait {
        guard node.mapping != nil else { return .fixed(durationOperand(node, .wait, orZero: true)) }
        let example = "- wait:\n    min: 1s\n    max: 3s"
        let fields = fields(node, of: Self.waitKeys, example: example)
        let bounds = ["min", "max"].map { key -> DurationOperand in
            guard let bound = fields?[key] else {
                reportMissing(key, of: "'wait'", at: node.span, example: example)
                return .nanoseconds(Located(Self.anyDuration, at: node.span))
            }
            return durationOperand(bound, of: "'\(key)'", "\(key): 1s", orZero: true)
        }
        if case .nanoseconds(let min) = bounds[0], case .nanoseconds(let max) = bounds[1],
            fields?["min"] != nil, fields?["max"] != nil
        {
            checkOrder(min, max)
        }
        return .between(min: bounds[0], max: bounds[1])
    }

    private mutating func durationOperand(_ node: PlanNode, _ verb: Verb, orZero: Bool) -> DurationOperand {
        durationOperand(node, of: "'\(verb.rawValue)'", verb.syntax.example, orZero: orZero)
    }

    private mutating func durationOperand(
        _ node: PlanNode, of name: String, _ example: String, orZero: Bool
    ) -> DurationOperand {
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, Wanted("a duration", example))
            return .nanoseconds(Located(Self.anyDuration, at: node.span))
        }
        guard scalar.kind == .string, scalar.text.text.contains("${") else {
            return .nanoseconds(duration(scalar, at: node, of: name, example, orZero: orZero))
        }
        return .template(template(node, of: name, example))
    }

    private mutating func integerOperand(
        _ node: PlanNode, of name: String, _ example: String, in range: ClosedRange<Int>
    ) -> IntegerOperand {
        let wanted = Wanted("a whole number", example)
        guard let scalar = node.scalar else {
            reportWrongType(node, of: name, wanted)
            return .value(Located(Int64(range.lowerBound), at: node.span))
        }
        if case .int(let value) = scalar.kind {
            return .value(checked(Int(value), of: name, in: range, at: node.span).map(Int64.init))
        }
        guard scalar.kind == .string, scalar.text.text.contains("${") else {
            reportWrongType(node, of: name, wanted)
            return .value(Located(Int64(range.lowerBound), at: node.span))
        }
        return .template(template(node, of: name, example))
    }

    // MARK: Messages that come

    private mutating func awaiting(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let condition: Await.Condition =
            node.scalar?.text.text == "any"
            ? .any(node.span) : .matching(condition(node, of: "'await'", Verb.await.syntax.example))
        return .await(
            Await(
                condition: condition,
                timeout: fields["timeout"].map {
                    durationOperand($0, of: "'timeout'", "timeout: 2s", orZero: false)
                },
                name: fields["name"].map { name($0, of: "the name of an await", "name: quote") },
                count: fields["count"].map { integerOperand($0, of: "'count'", "count: 3", in: 1...Int.max) },
                since: fields["since"].flatMap { since($0) }, then: optionalBody(fields, "then"),
                otherwise: optionalBody(fields, "else")))
    }

    private mutating func since(_ node: PlanNode) -> Located<Await.Since>? {
        guard let scalar = node.scalar, !node.isNull else {
            reportWrongType(node, of: "'since'", Wanted("text", "since: open"))
            return nil
        }
        if let since = Await.Since(rawValue: scalar.text.text) { return Located(since, at: node.span) }
        let words = Await.Since.allCases.map(\.rawValue)
        if suggestion(for: scalar.text.text, among: words) != nil {
            reportUnknownChoice(scalar.text.text, of: "'since'", among: words, at: node.span)
        } else {
            report(.notSupportedYet, .marksNotSupportedYet, at: node.span)
        }
        return nil
    }

    private mutating func checks(_ node: PlanNode) -> [NamedCondition] {
        entries(node, of: "'check'", Wanted("a mapping of names to conditions", Verb.check.syntax.example))
            .map { entry in
                NamedCondition(
                    name: name(entry.key, of: "the name of a check"),
                    condition: condition(entry.value, of: "a check", Verb.check.syntax.example))
            }
    }

    // MARK: The rest

    private static let logKeys = KeySpace(owner: "'log'", known: ["level", "message"])

    private mutating func log(_ node: PlanNode) -> Log {
        let example = "- log:\n    level: warn\n    message: slow"
        guard node.mapping != nil else {
            return Log(message: template(node, of: "'log'", Verb.log.syntax.example))
        }
        let fields = fields(node, of: Self.logKeys, example: example)
        let level = fields?["level"].flatMap { choice($0, of: "a level", "level: warn", as: Log.Level.self) }
        guard let message = fields?["message"] else {
            reportMissing("message", of: "'log'", at: node.span, example: example)
            return Log(message: ParsedTemplate(literal: LocatedText("", at: node.span)))
        }
        return Log(level: level?.value ?? .info, message: template(message, of: "'message'", "message: slow"))
    }

    private mutating func loop(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        let example = Verb.for.syntax.example
        let variable = literal(node, of: "'for'", example)
        if node.scalar != nil, !node.isNull { checkVariable(variable) }
        let list: Operand
        if let node = fields["in"] {
            list = operand(node)
        } else {
            reportMissing("in", of: "'for'", at: fields.span, example: example)
            list = .structure(ValueTemplate(.list([]), at: node.span))
        }
        return .for(For(variable: variable, list: list, steps: body(fields, "do", of: .for)))
    }

    private mutating func use(_ node: PlanNode, _ fields: Fields) -> Step.Kind {
        .use(
            Use(
                block: name(node, of: "the name of a block", Verb.use.syntax.example),
                arguments: fields["with"].map { assignments($0, of: "with") } ?? []))
    }
}

extension Diagnostic.Message {
    fileprivate static let numberWithoutJSON = Self("JSON has no such number")

    fileprivate static func tooLong(_ name: String, limit: Int, found: Int) -> Self {
        Self("\(name) is at most \(limit) bytes, this is \(found)")
    }

    fileprivate static func cannotBeSent(_ code: Int64) -> Self { Self("a close frame cannot carry the code \(code)") }

    fileprivate static let marksNotSupportedYet = Self("a mark is not supported by this version of wsplan yet")
}
