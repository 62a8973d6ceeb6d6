package import Expressions

/// What the operands of instructions refer to.
package struct Pools: Sendable {
    package var expressions: [Expression] = []
    package var templates: [Template] = []
    package var values: [ValueSource] = []
    package var durations: [DurationSource] = []
    package var randomPayloads: [RandomPayload] = []
    package var checks: [Check] = []
    package var awaits: [Await] = []
    package var timers: [Timer] = []
    /// The ids that the plan gives to timers. A block that starts one makes a timer wherever it is used, all of one id.
    package var timerIDs: [String] = []
    /// Every name that a sample of `checks` can have.
    package var checkNames: [String] = []
    /// An inner one as `outer::inner`.
    package var groups: [String] = []
    /// The plan's own metrics that steps sample.
    package var metrics: [Metric] = []
    package var marks: [Mark] = []
    /// What the plan writes as keys of marks, each text once.
    package var markTexts: [String] = []
    package var markReferences: [MarkReference] = []
    package var measures: [Measure] = []
    package var records: [Record] = []

    package init() {}

    /// What a message of chance is made of.
    package struct RandomPayload: Sendable {
        package var size: SizeSource
        /// Any bytes, sent as binary; else printable ASCII characters, sent as text.
        package var isBinary: Bool

        package init(size: SizeSource, isBinary: Bool) {
            self.size = size
            self.isBinary = isBinary
        }
    }

    /// One condition of a `check` step.
    package struct Check: Sendable {
        /// An index of `checkNames`.
        package var name: UInt32
        package var condition: Expression

        package init(name: UInt32, condition: Expression) {
            self.name = name
            self.condition = condition
        }
    }

    package struct Await: Sendable {
        /// The `name` tag of its samples; the condition's text where the plan gives none.
        package var name: String
        /// The index of its check, `await <name>`.
        package var check: UInt32
        /// An index of the expressions; nil for `any`.
        package var condition: UInt32?
        package var timeout: DurationSource
        /// How many messages it takes; the last is bound.
        package var count: ValueSource
        package var since: Since

        /// What the latency of an await counts from.
        package enum Since: Sendable {
            /// The task's last `send`; in a tick that has sent, when the tick was due; with none, the start of the await.
            case send
            /// The same, because the plan says so: matches from before it are passed over.
            case writtenSend
            case open
            case now
            /// The mark of an index of `markReferences`; without it there is no sample.
            case mark(UInt32)
        }

        package init(
            name: String, check: UInt32, condition: UInt32?, timeout: DurationSource, count: ValueSource, since: Since
        ) {
            self.name = name
            self.check = check
            self.condition = condition
            self.timeout = timeout
            self.count = count
            self.since = since
        }
    }

    /// An `every` or `after`.
    package struct Timer: Sendable {
        /// An index of `timerIDs`; nil where the plan gives none.
        package var id: UInt32?
        package var body: UInt32
        package var schedule: Schedule

        package enum Schedule: Sendable {
            case after(DurationSource)
            /// Due at start + `first` (else one interval) + n × interval, each up to `jitter` later; `times` ticks in all.
            case every(interval: DurationSource, first: DurationSource?, jitter: DurationSource?, times: ValueSource?)
        }

        package init(id: UInt32?, body: UInt32, schedule: Schedule) {
            self.id = id
            self.body = body
            self.schedule = schedule
        }
    }

    /// The facts that an instruction may read. A condition of an await reads the messages to come and not the task's.
    func facts(of instruction: Instruction) -> FactSet {
        let a = Int(instruction.a)
        let b = Int(instruction.b)
        let hasA = instruction.a != Instruction.noOperand
        let hasB = instruction.b != Instruction.noOperand
        return switch instruction.opcode {
        case .unless: expressions[a].facts
        case .setSession, .setLocal: values[b].facts
        case .sendText, .sendTyped, .sendBinary, .sendBase64, .sendHex:
            templates[a].facts.union(hasB ? values[b].facts : [])
        case .sendRandom: randomPayloads[a].size.facts.union(hasB ? values[b].facts : [])
        case .log, .fail, .stopRun: templates[a].facts
        case .ping, .pong: hasA ? templates[a].facts : []
        case .close: (hasA ? values[a].facts : []).union(hasB ? templates[b].facts : [])
        case .check: checks[a].condition.facts
        case .wait: durations[a].facts
        case .await: awaits[a].timeout.facts.union(awaits[a].count.facts).union(facts(of: awaits[a].since))
        case .mark: templates[Int(marks[a].key)].facts
        case .measure: facts(of: measures[a].since)
        case .record: records[a].value.facts
        case .startTimer: timers[a].schedule.facts
        case .end, .jump, .repeatNext, .forNext, .connect, .cancelTimer, .unbindMessage: []
        }
    }
}

extension Pools {
    private func facts(of since: Await.Since) -> FactSet {
        guard case .mark(let reference) = since else { return [] }
        return templates[Int(markReferences[Int(reference)].key)].facts
    }

    private func facts(of since: Measure.Since) -> FactSet {
        switch since {
        case .mark(let reference): templates[Int(markReferences[Int(reference)].key)].facts
        case .epochMilliseconds(let expression): expressions[Int(expression)].facts
        }
    }
}

/// A value that a variable gets: constant, computed, or a list or map with computed parts.
package indirect enum ValueSource: Sendable {
    case constant(Value)
    case expression(Expression)
    case template(Template)
    case list([ValueSource])
    case map([(key: String, value: ValueSource)])

    /// What is known of the value before the run.
    package var type: StaticType {
        switch self {
        case .constant(let value): StaticType(of: value)
        case .expression(let expression): expression.type
        case .template(let template): template.type
        case .list(let elements): .list(of: .union(elements.lazy.map(\.type)))
        case .map(let entries): .map(keys: .string, values: .union(entries.lazy.map(\.value.type)))
        }
    }

    package func evaluate(in context: inout EvaluationContext) throws(EvaluationError) -> Value {
        switch self {
        case .constant(let value): return value
        case .expression(let expression): return try expression.evaluate(in: &context)
        case .template(let template): return try template.evaluate(in: &context)
        case .list(let elements):
            var list: [Value] = []
            list.reserveCapacity(elements.count)
            for element in elements { list.append(try element.evaluate(in: &context)) }
            return .list(list)
        case .map(let entries):
            var map: [(key: String, value: Value)] = []
            map.reserveCapacity(entries.count)
            for entry in entries { map.append((entry.key, try entry.value.evaluate(in: &context))) }
            return .map(ValueMap(map))
        }
    }

    var facts: FactSet {
        switch self {
        case .constant: []
        case .expression(let expression): expression.facts
        case .template(let template): template.facts
        case .list(let elements): elements.reduce(into: []) { $0.formUnion($1.facts) }
        case .map(let entries): entries.reduce(into: []) { $0.formUnion($1.value.facts) }
        }
    }
}

/// How long something takes: fixed, drawn anew each time, or computed.
package enum DurationSource: Sendable {
    case nanoseconds(Int64)
    /// The text of a duration with its unit, like `250ms`, rendered when it is needed.
    case template(Template)
    /// Drawn evenly from both ends and everything between.
    indirect case between(DurationSource, DurationSource)

    var facts: FactSet {
        switch self {
        case .nanoseconds: []
        case .template(let template): template.facts
        case .between(let low, let high): low.facts.union(high.facts)
        }
    }
}

/// A number of bytes: fixed, or computed.
package enum SizeSource: Sendable {
    case bytes(Int)
    /// The text of a size with its unit, like `64KiB`, rendered when it is needed.
    case template(Template)

    var facts: FactSet {
        switch self {
        case .bytes: []
        case .template(let template): template.facts
        }
    }
}

extension Pools.Timer.Schedule {
    var facts: FactSet {
        switch self {
        case .after(let delay): delay.facts
        case .every(let interval, let first, let jitter, let times):
            interval.facts.union(first?.facts ?? []).union(jitter?.facts ?? []).union(times?.facts ?? [])
        }
    }
}
