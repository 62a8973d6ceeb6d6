package import Diagnostics
package import Expressions

/// Steps that run when something happens to a session.
package struct Handler: Sendable {
    /// What a handler can wait for. The raw value is the name in `handlers`, and `on_<name>` is the key.
    package enum Event: String, CaseIterable, Sendable {
        case open
        case message
        case ping
        case pong
        case close
        case error
    }

    package var event: Event
    package var name: Located<String>?
    /// The handler runs only where this holds.
    package var condition: ParsedExpression?
    package var steps: [Step]
    /// The key `on_<event>`, or the value of `event` in `handlers`.
    package var span: SourceSpan

    package init(
        event: Event, name: Located<String>? = nil, condition: ParsedExpression? = nil, steps: [Step], span: SourceSpan
    ) {
        self.event = event
        self.name = name
        self.condition = condition
        self.steps = steps
        self.span = span
    }
}
