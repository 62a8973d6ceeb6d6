package import Diagnostics
package import Expressions

/// One thing that a task does.
package struct Step: Sendable {
    /// A case a verb, with what the verb was given.
    package indirect enum Kind: Sendable {
        case send(Send)
        /// The payload, at most 125 bytes (RFC 6455 §5.5); nil for none.
        case ping(ParsedTemplate?)
        case pong(ParsedTemplate?)
        case close(Close)
        case every(Every)
        case after(After)
        /// The id of the timer that is stopped.
        case cancel(Located<String>)
        case wait(Wait)
        case await(Await)
        case check([NamedCondition])
        case set([Assignment])
        case `let`([Assignment])
        case log(Log)
        case `if`(If)
        case `repeat`(Repeat)
        case `while`(While)
        case `for`(For)
        case use(Use)
        case group(Group)
        /// Why the check fails.
        case fail(ParsedTemplate)
        /// Why the run is stopped.
        case stopRun(ParsedTemplate)
        /// The key of the mark.
        case mark(ParsedTemplate)
        case measure(Measure)
        case record([Sample])
    }

    package var kind: Kind
    package var verb: Verb
    /// The verb where it is written.
    package var span: SourceSpan

    package init(_ kind: Kind, verb: Verb, at span: SourceSpan) {
        self.kind = kind
        self.verb = verb
        self.span = span
    }
}

/// The verbs of this version of the language; the raw value is how a plan says it.
package enum Verb: String, CaseIterable, Sendable {
    case send, ping, pong, close, every, after, cancel, wait, await, check, set
    case `let` = "let"
    case log
    case `if` = "if"
    case `repeat` = "repeat"
    case `while` = "while"
    case `for` = "for"
    case use, group, fail
    case stopRun = "stop_run"
    case mark, measure, record
}
