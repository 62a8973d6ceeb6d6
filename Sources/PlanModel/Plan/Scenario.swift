package import Diagnostics
package import Expressions

/// What one kind of virtual user does, and how many of them do it.
package struct Scenario: Sendable {
    package var name: String
    /// Where the scenario is named; for the one of a plan without `scenarios`, the plan's first key.
    package var span: SourceSpan
    /// Its entry in `scenarios`, where it has one. What stands outside of that holds for others as well.
    package var ownSpan: SourceSpan?
    /// Evaluated at the start of every iteration, after `vars`.
    package var url: ParsedTemplate
    package var urlSpan: SourceSpan
    /// Put on every sample of the scenario.
    package var tags: [Tag]
    /// Evaluated at the start of every iteration, in this order.
    package var variables: [VariableDeclaration]
    /// Evaluated once for each VU, in this order, and kept over its iterations.
    package var vuVariables: [VariableDeclaration]
    package var connect: Connect
    package var timeouts: Timeouts
    package var load: Load
    /// In the order in which handlers of one event start: `on_<event>` first, then `handlers` as listed.
    package var handlers: [Handler]
    package var expect: Expect
    /// What no log and no failure may show, beyond the secrets of the environment: passwords that stand in addresses, and
    /// what they are sent as.
    package var secrets: [String] = []

    package init(
        name: String, span: SourceSpan, url: ParsedTemplate, urlSpan: SourceSpan, tags: [Tag] = [],
        variables: [VariableDeclaration] = [], vuVariables: [VariableDeclaration] = [], connect: Connect = Connect(),
        timeouts: Timeouts = Timeouts(), load: Load = Load(), handlers: [Handler] = [], expect: Expect = Expect()
    ) {
        self.name = name
        self.span = span
        self.url = url
        self.urlSpan = urlSpan
        self.tags = tags
        self.variables = variables
        self.vuVariables = vuVariables
        self.connect = connect
        self.timeouts = timeouts
        self.load = load
        self.handlers = handlers
        self.expect = expect
    }
}

/// A tag of the author's own, `name: value`.
package struct Tag: Hashable, Sendable {
    package var name: Located<String>
    package var value: Located<String>

    package init(name: Located<String>, value: Located<String>) {
        self.name = name
        self.value = value
    }
}

/// A variable of `vars` or `vu_vars`, and what it is at first.
package struct VariableDeclaration: Sendable {
    package var name: Located<String>
    package var value: ValueTemplate

    package init(name: Located<String>, value: ValueTemplate) {
        self.name = name
        self.value = value
    }
}
