import Diagnostics
import Expressions
import PlanSyntax

/// `scenarios`, and what one of them is: the same keys stand at the top level of a plan.
extension NodeReader {
    private static let scenarioKeys = KeySpace(
        owner: "a scenario",
        known: [
            "url", "tags", "vars", "vu_vars", "connect", "timeouts", "load", "on_open", "on_message", "on_ping",
            "on_pong",
            "on_close", "on_error", "handlers", "expect",
        ],
        ofPlan: [
            "version", "name", "description", "env", "data", "serve", "blocks", "metrics", "thresholds", "scenarios",
        ], foreign: planKeys.foreign)

    /// So many may run side by side: each has a program of its own.
    private static let scenarioLimit = 100

    private static let scenariosExample = """
        scenarios:
          buyers:
            load:
              vus: 10
              duration: 1m
          watchers:
            load:
              vus: 100
              duration: 1m
        """

    /// What runs side by side: one without a name of its own where the plan names none.
    mutating func scenarios(_ fields: Fields) -> [Scenario] {
        var common = Scenario(
            name: "default", span: fields.entries.first?.key.span ?? fields.span,
            url: ParsedTemplate(literal: LocatedText("", at: fields.span)), urlSpan: fields.span)
        var handlers = HandlerLists()
        read(fields, into: &common, &handlers)
        guard let node = fields["scenarios"] else {
            if fields["url"] == nil {
                common.urlSpan = common.span
                let isServed = fields["serve"] != nil
                reportMissing(
                    "url", of: "a plan", fields, at: common.span,
                    example: isServed ? "url: ${server.url}" : Self.addressExample)
            }
            return [common]
        }
        let wanted = Wanted("a mapping of names to scenarios", Self.scenariosExample)
        let entries = declarations(node, of: "'scenarios'", wanted, in: .all)
        if entries.isEmpty, node.mapping != nil, node.isComplete {
            reportEmpty(node, of: "'scenarios'", example: Self.scenariosExample)
        }
        if entries.count > Self.scenarioLimit {
            report(.outOfRange, .tooManyScenarios(Self.scenarioLimit), at: entries[Self.scenarioLimit].key.span)
            lacking = .all
        }
        return entries.prefix(Self.scenarioLimit).map { scenario($0, common, handlers, fields) }
    }

    /// One of several: what it says itself, and what the plan says for all.
    private mutating func scenario(
        _ entry: PlanNode.Entry, _ common: Scenario, _ commonHandlers: HandlerLists, _ plan: Fields
    ) -> Scenario {
        let name = name(entry.key, of: "the name of a scenario")
        var scenario = common
        scenario.name = name.value
        scenario.span = name.span
        scenario.ownSpan = entry.key.span.union(entry.value.span)
        let example = "\(name.value):\n  load:\n    vus: 10\n    duration: 1m"
        guard let entries = entry.value.mapping else {
            if !reportMissingSpace(behindKeyIn: entry.value) {
                reportWrongType(entry.value, of: "a scenario", Wanted("a mapping", example))
            }
            leaveOut(entry.value)
            return scenario
        }
        if !entry.value.isComplete {
            isComplete = false
            lacking = .all
        }
        var fields = Fields(entries, at: entry.value.span, isComplete: entry.value.isComplete)
        moveIntoSections(in: &fields, of: Self.scenarioKeys)
        checkKeys(of: &fields, in: Self.scenarioKeys, example: example)
        moveOutOfSections(in: &fields, of: Self.scenarioKeys)
        for key in ["tags", "vars", "vu_vars", "connect", "timeouts", "expect"] {
            guard let own = fields[key], let inherited = plan[key] else { continue }
            fields.replaceValue(of: key, with: own.merged(over: inherited))
        }
        var handlers = commonHandlers
        read(fields, into: &scenario, &handlers)
        if fields["url"] == nil, plan["url"] == nil {
            scenario.urlSpan = name.span
            reportMissing(
                "url", of: "the scenario '\(name.value)'", fields, at: name.span,
                example: plan["serve"] == nil ? Self.addressExample : "url: ${server.url}")
        }
        return scenario
    }

    /// Reads the keys that are there over what holds without them.
    private mutating func read(_ fields: Fields, into scenario: inout Scenario, _ handlers: inout HandlerLists) {
        if let node = fields["url"] {
            scenario.url = url(node)
            scenario.urlSpan = node.span
        }
        if let node = fields["tags"] { scenario.tags = tags(node) }
        if let node = fields["vars"] { scenario.variables = variables(node, of: "vars") }
        if let node = fields["vu_vars"] { scenario.vuVariables = variables(node, of: "vu_vars") }
        if let node = fields["connect"] { scenario.connect = connect(node) }
        checkAuthorization(scenario.url, scenario.connect.headers)
        scenario.secrets = secrets(of: scenario.url, scenario.connect)
        if let node = fields["timeouts"] { scenario.timeouts = timeouts(node) }
        if let node = fields["load"] { scenario.load = load(node) }
        if let node = fields["expect"] { scenario.expect = expect(node) }
        read(fields, into: &handlers)
        scenario.handlers = handlers.inOrder
    }
}

extension PlanNode {
    /// A mapping with the entries of another one behind it: those that both have at the other one's place. What is no mapping
    /// stays what it is.
    fileprivate func merged(over other: PlanNode) -> PlanNode {
        guard let entries = mapping, let others = other.mapping else { return self }
        let own = Dictionary(entries.map { (Array($0.key.text.utf8), $0) }) { first, _ in first }
        let inherited = Set(others.map { Array($0.key.text.utf8) })
        var merged = self
        merged.content = .mapping(
            others.map { own[Array($0.key.text.utf8)] ?? $0 }
                + entries.filter { !inherited.contains(Array($0.key.text.utf8)) })
        merged.isComplete = isComplete && other.isComplete
        return merged
    }
}

extension Diagnostic.Message {
    fileprivate static func tooManyScenarios(_ limit: Int) -> Self { Self("a plan has at most \(limit) scenarios") }
}
