package import Diagnostics
package import Expressions

/// `send`: one message.
package struct Send: Sendable {
    package enum Payload: Sendable {
        /// A template: one single `${…}` sends text for a string and binary for bytes, anything else is text.
        case template(ParsedTemplate)
        /// `{text: …}`: always a text message.
        case text(ParsedTemplate)
        /// `{json: …}`: a text message, numbers as written.
        case json(ValueTemplate)
        /// `{base64: …}` or `{hex: …}`: a binary message of the bytes that the text stands for.
        case encoded(BinaryEncoding, ParsedTemplate)
        /// `{file: …}`: what is in a file, whose path is relative to the plan's folder; nil where it is not known, or wrong.
        case file(Located<String>?, as: MessageKind)
        /// `{random: …}`: bytes, or printable ASCII characters, drawn anew for each message.
        case random(SizeOperand, as: MessageKind)
    }

    /// `as`: what a message is sent as.
    package enum MessageKind: String, CaseIterable, Sendable {
        case text
        case binary
    }

    package var payload: Payload
    /// The number of frames that the message is cut into; one where the plan does not say.
    package var fragments: IntegerOperand?

    package init(payload: Payload, fragments: IntegerOperand? = nil) {
        self.payload = payload
        self.fragments = fragments
    }
}

/// `close`: the close handshake.
package struct Close: Sendable {
    /// 1000 where the plan does not say.
    package var code: IntegerOperand?
    package var reason: ParsedTemplate?

    package init(code: IntegerOperand? = nil, reason: ParsedTemplate? = nil) {
        self.code = code
        self.reason = reason
    }
}

/// `every`: a repeating timer.
package struct Every: Sendable {
    package var interval: DurationOperand
    /// The number of ticks; without end where the plan does not say.
    package var times: IntegerOperand?
    /// The most by which a tick is moved from when it would be due, drawn evenly from zero.
    package var jitter: DurationOperand?
    /// When the first tick is due; after one interval where the plan does not say.
    package var first: DurationOperand?
    package var id: Located<String>?
    package var steps: [Step]

    package init(
        interval: DurationOperand, times: IntegerOperand? = nil, jitter: DurationOperand? = nil,
        first: DurationOperand? = nil, id: Located<String>? = nil, steps: [Step]
    ) {
        self.interval = interval
        self.times = times
        self.jitter = jitter
        self.first = first
        self.id = id
        self.steps = steps
    }
}

/// `after`: a one-shot timer.
package struct After: Sendable {
    package var delay: DurationOperand
    package var id: Located<String>?
    package var steps: [Step]

    package init(delay: DurationOperand, id: Located<String>? = nil, steps: [Step]) {
        self.delay = delay
        self.id = id
        self.steps = steps
    }
}

/// `wait`: parks the task.
package enum Wait: Sendable {
    case fixed(DurationOperand)
    /// Drawn evenly from min to max.
    case between(min: DurationOperand, max: DurationOperand)
}

/// `await`: takes one message from the inbox, or parks until it comes.
package struct Await: Sendable {
    package enum Condition: Sendable {
        case any(SourceSpan)
        case matching(ParsedExpression)
    }

    /// Where the measured time starts.
    package enum Since: Sendable {
        /// This task's last `send`; with none, the start of the await.
        case send
        case open
        case now
        /// When the mark of this key was set.
        case mark(ParsedTemplate)

        /// What no mark is called.
        package static let words = ["send", "open", "now"]
    }

    package var condition: Condition
    /// `timeouts.await` where the plan does not say.
    package var timeout: DurationOperand?
    package var name: Located<String>?
    /// The number of messages taken, the last of which is bound; one where the plan does not say.
    package var count: IntegerOperand?
    /// Nil is `send`; only a written one passes over messages from before it.
    package var since: Located<Since>?
    package var then: [Step]?
    package var otherwise: [Step]?

    package init(
        condition: Condition, timeout: DurationOperand? = nil, name: Located<String>? = nil,
        count: IntegerOperand? = nil, since: Located<Since>? = nil, then: [Step]? = nil, otherwise: [Step]? = nil
    ) {
        self.condition = condition
        self.timeout = timeout
        self.name = name
        self.count = count
        self.since = since
        self.then = then
        self.otherwise = otherwise
    }
}

extension Await {
    /// What its samples carry as the tag `name`: the name, else the condition.
    package var label: String {
        if let name { return name.value }
        switch condition {
        case .any: return "any"
        case .matching(let condition): return condition.source.text
        }
    }

    /// The check that fails where no message comes.
    package var checkName: String { "await \(label)" }
}

/// `log`: a line on standard error.
package struct Log: Sendable {
    package enum Level: String, CaseIterable, Sendable {
        case debug
        case info
        case warn
        case error
    }

    package var level: Level
    package var message: ParsedTemplate

    package init(level: Level = .info, message: ParsedTemplate) {
        self.level = level
        self.message = message
    }
}

/// `if`: one of two lists of steps.
package struct If: Sendable {
    package var condition: ParsedExpression
    package var then: [Step]
    package var otherwise: [Step]

    package init(condition: ParsedExpression, then: [Step], otherwise: [Step] = []) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
    }
}

/// `repeat`: steps so many times.
package struct Repeat: Sendable {
    package var count: IntegerOperand
    package var steps: [Step]

    package init(count: IntegerOperand, steps: [Step]) {
        self.count = count
        self.steps = steps
    }
}

/// `while`: steps as long as a condition holds.
package struct While: Sendable {
    package var condition: ParsedExpression
    package var steps: [Step]

    package init(condition: ParsedExpression, steps: [Step]) {
        self.condition = condition
        self.steps = steps
    }
}

/// `for`: steps for each element of a list.
package struct For: Sendable {
    package var variable: Located<String>
    package var list: Operand
    package var steps: [Step]

    package init(variable: Located<String>, list: Operand, steps: [Step]) {
        self.variable = variable
        self.list = list
        self.steps = steps
    }
}

/// `use`: runs a block, with variables of its own.
package struct Use: Sendable {
    package var block: Located<String>
    package var arguments: [Assignment]
    /// Whether there may be arguments that could not be read.
    package var mayLackArguments: Bool

    package init(block: Located<String>, arguments: [Assignment] = [], mayLackArguments: Bool = false) {
        self.block = block
        self.arguments = arguments
        self.mayLackArguments = mayLackArguments
    }
}

/// `group`: the `group` tag of what happens inside.
package struct Group: Sendable {
    package var name: Located<String>
    package var steps: [Step]

    package init(name: Located<String>, steps: [Step]) {
        self.name = name
        self.steps = steps
    }
}
