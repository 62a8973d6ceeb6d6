import Diagnostics
import Expressions
import LoadMetrics
import PlanSyntax

/// The top level of a plan.
extension NodeReader {
    static let planKeys = KeySpace(
        owner: "a plan",
        known: [
            "version", "name", "description", "url", "tags", "env", "vars", "vu_vars", "data", "serve", "connect",
            "timeouts", "load", "on_open", "on_message", "on_ping", "on_pong", "on_close", "on_error", "handlers",
            "blocks", "metrics", "expect", "thresholds", "scenarios",
        ],
        needed: [NeededKey("url", .address)],
        foreign: Dictionary(uniqueKeysWithValues: Handler.Event.allCases.map { ($0.rawValue, "on_\($0.rawValue)") }))
    static let addressExample = "url: ws://127.0.0.1:9001/"

    /// Reads a whole document.
    mutating func plan(_ document: PlanNode) -> Plan? {
        guard let entries = document.mapping else {
            guard !document.isUnreadable, !reportMissingSpace(behindKeyIn: document) else { return nil }
            report(
                .notAPlan, .notAPlan(document.kindInWords), at: document.span,
                help: "for example:\nurl: ws://127.0.0.1:9001/\non_open:\n  - send: hello\n  - close")
            return nil
        }
        var fields = Fields(entries, at: document.span, isComplete: document.isComplete)
        moveIntoSections(in: &fields, of: Self.planKeys)
        checkKeys(of: &fields, in: Self.planKeys, example: Self.addressExample)
        moveOutOfSections(in: &fields, of: Self.planKeys)
        if !document.isComplete { isComplete = false }
        if !document.isComplete { lacking = .all }
        // Everything else may be a template over it.
        if let node = fields["env"] { readEnvironment(node) }
        if let node = fields["version"] { checkVersion(node) }
        var plan = Plan(name: file.stem)
        if let node = fields["name"] {
            let name = text(node, of: "'name'", "name: echo")
            if node.scalar?.kind == .string, node.scalar?.text.text.isEmpty == true {
                reportEmptyName("'name'", at: node.span, help: "leave it out to name the plan after its file")
            }
            plan.name = name.value
            plan.nameSpan = node.span
        }
        plan.description = fields["description"].map { text($0, of: "'description'", "description: echoes a message") }
        plan.environment = environment
        plan.data = fields["data"].map { data($0) } ?? []
        plan.serve = fields["serve"].map { serve($0) }
        if let node = fields["metrics"] { readMetrics(node) }
        plan.blocks = fields["blocks"].map { blocks($0) } ?? []
        plan.scenarios = scenarios(fields)
        if let serve = fields.entry("serve") { checkServer(serve.key, plan.scenarios) }
        plan.metrics = metrics(withMeasuresOf: plan)
        if let node = fields["thresholds"] { readThresholds(node, into: &plan) }
        plan.lacking = lacking
        plan.unreadNames = unreadNames
        return plan
    }

    private mutating func checkVersion(_ node: PlanNode) {
        let version = integer(node, of: "'version'", "version: 1", in: 1...Int.max)
        guard version.value != 1 else { return }
        report(
            .unsupportedVersion, .unsupportedVersion(version.value), at: node.span,
            help: "this wsplan reads version 1 of the plan language")
    }

    /// Whatever stands there, there is a `server` to speak of.
    private mutating func serve(_ node: PlanNode) -> Located<Serve> {
        choice(node, of: "'serve'", "serve: echo", as: Serve.self) ?? Located(.echo, at: node.span)
    }

    private mutating func blocks(_ node: PlanNode) -> [Block] {
        let example = "blocks:\n  greet:\n    - send: hello"
        let wanted = Wanted("a mapping of names to steps", example)
        return declarations(node, of: "'blocks'", wanted, in: [.blocks, .steps]).map { entry in
            Block(name: name(entry.key, of: "the name of a block"), steps: steps(entry.value, of: "a block"))
        }
    }

    /// Reports a server that is started for nobody: only addresses of their own, which are right, and no place that asks for
    /// the server's.
    private mutating func checkServer(_ serve: LocatedText, _ scenarios: [Scenario]) {
        let isUnused = scenarios.allSatisfy { scenario in
            !scenario.url.source.text.isEmpty && !scenario.url.references.contains { $0.root != "env" }
                && !findings.contains { scenario.urlSpan.range.contains($0.span.range.lowerBound) }
        }
        guard isUnused, let first = scenarios.first, !lacking.contains(.sections) else { return }
        report(
            .unusedServer, .unusedServer, at: first.urlSpan, help: "write url: ${server.url}, or leave out 'serve'",
            notes: [Diagnostic.Note("the server is asked for here", at: serve.span)])
    }
}

extension SourceFile {
    /// The file's name without folders and without what follows its last dot; `plan` for standard input.
    fileprivate var stem: String {
        if name == Self.standardInputName { return "plan" }
        let last = name.split(separator: "/").last.map(String.init) ?? name
        guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
        return String(last[..<dot])
    }
}

extension Diagnostic.Message {
    fileprivate static func notAPlan(_ found: String) -> Self { Self("a plan is a mapping, not \(found)") }

    fileprivate static let unusedServer = Self("nothing connects to the server of this run: 'url' is another address")

    fileprivate static func unsupportedVersion(_ version: Int) -> Self {
        Self("version \(version) of the plan language is unknown")
    }
}
