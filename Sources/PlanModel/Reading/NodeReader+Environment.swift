import Diagnostics
import Expressions
import PlanSyntax

/// What is known before the run of a scalar that stands outside of steps.
enum Settled {
    /// As written: what its form makes of it, and its text.
    case written(PlanNode.Scalar)
    /// A template over `env`, rendered.
    case rendered(String)
    /// A template whose variable has no value; or one that is wrong, which is reported.
    case unknown
}

extension NodeReader {
    private static let variableKeys = KeySpace(owner: "an environment variable", known: ["default", "secret"])

    /// Reads `env`.
    mutating func readEnvironment(_ node: PlanNode) {
        let example = "env:\n  HOST:\n    default: 127.0.0.1\n  TOKEN:\n    secret: true"
        for entry in declarations(node, of: "'env'", Wanted("a mapping of names", example), in: .environment) {
            let name = Located(entry.key.text, at: entry.key.span)
            guard Scope.isIdentifier(name.value), !Scope.languageWords.contains(name.value) else {
                report(
                    .invalidName, .environmentName(name.value), at: name.span,
                    help: Scope.isIdentifier(name.value)
                        ? "it is a reserved word of expressions: env.\(name.value) could not be read"
                        : "a name is letters, digits and '_', and does not begin with a digit")
                unusableNames.insert(name.value)
                continue
            }
            declare(name, entry.value)
        }
    }

    private mutating func declare(_ name: Located<String>, _ node: PlanNode) {
        var defaultValue: Located<String>?
        var isSecret = false
        let problems = findings.count
        if !node.isNull {
            let value = node.scalar?.text.text ?? "127.0.0.1"
            let wanted = Wanted("a mapping", "\(name.value):\n  default: \(value)")
            guard node.mapping != nil else {
                reportWrongType(node, of: "environment variable '\(name.value)'", wanted)
                let unknown = Located("", at: node.span)
                environment.append(
                    EnvironmentVariable(name: name, defaultValue: unknown, isSecret: false, value: nil))
                return
            }
            let fields = fields(node, of: Self.variableKeys, example: wanted.example)
            if let node = fields?["default"] {
                defaultValue = literal(node, of: "'default'", "default: 127.0.0.1", in: [])
            }
            if let node = fields?["secret"] { isSecret = boolean(node, of: "'secret'", "secret: true") }
        }
        // What a default that cannot be read would have been, nobody knows.
        let isKnown = findings.count == problems
        let value = processEnvironment[name.value] ?? (isKnown ? defaultValue?.value : nil)
        environment.append(
            EnvironmentVariable(name: name, defaultValue: defaultValue, isSecret: isSecret, value: value))
        guard value == nil, isKnown else { return }
        missingEnvironment.append(
            Diagnostic(
                .missingEnvironment, .missingEnvironment(name.value), at: name.span,
                help: "set it, give '--env \(name.value)=…', or write a 'default'"))
    }

    /// What a scalar outside of steps says, with the variables of the environment in their places.
    mutating func settle(_ scalar: PlanNode.Scalar) -> Settled {
        let settled = settled(scalar)
        if case .unknown = settled { unknownCount += 1 }
        return settled
    }

    private mutating func settled(_ scalar: PlanNode.Scalar) -> Settled {
        guard scalar.kind == .string else { return .written(scalar) }
        checkComment(behind: scalar)
        guard scalar.text.text.contains("${") else { return .written(scalar) }
        guard let parsed = parseTemplate(scalar) else { return .unknown }
        if let literal = parsed.literal { return .rendered(literal) }
        let scope = environmentScope
        guard let template = parsed.check(in: scope, into: &findings) else { return .unknown }
        return hasValues(parsed) ? render(template) : .unknown
    }

    /// The text of a template that reads nothing but the environment, as far as that has values.
    mutating func rendered(_ parsed: ParsedTemplate) -> String? {
        if let literal = parsed.literal { return literal }
        guard parsed.references.allSatisfy({ $0.root == "env" }), hasValues(parsed) else { return nil }
        let scope = environmentScope
        // What is wrong with it, the compiler says, which sees every template that is evaluated at run time.
        var ignored: [Diagnostic] = []
        guard let template = parsed.check(in: scope, into: &ignored) else { return nil }
        var context = environmentContext
        return try? text(template, &context)
    }

    /// What a template outside of steps may read.
    private var environmentScope: Scope {
        var scope = Scope(facts: [.env], environment: environment.map(\.name.value))
        scope.mayLackNames = lacking.contains(.variables)
        scope.mayLackEnvironment = lacking.contains(.environment)
        scope.unreadNames = unreadNames
        return scope
    }

    private func hasValues(_ parsed: ParsedTemplate) -> Bool {
        parsed.references.allSatisfy { reference in
            environment.contains { $0.name.value == reference.field && $0.value != nil }
        }
    }

    private mutating func render(_ template: Template) -> Settled {
        var context = environmentContext
        do {
            return .rendered(try text(template, &context))
        } catch {
            let count = findings.count
            report(
                .unrenderable, .unrenderable(error.reason), at: error.span,
                help: "set the environment variables in it to values that fit")
            conceal(error.reason, since: count)
            return .unknown
        }
    }

    /// The same where the text may stand in the source as well.
    mutating func tellRendered(_ text: String, of node: PlanNode, since index: Int) {
        if text != node.scalar?.text.text { tellRendered(text, since: index) }
    }

    /// Says in the findings from an index on, which are about rendered text, what that is: it does not stand in the source.
    mutating func tellRendered(_ text: String, since index: Int) {
        for index in findings.indices.dropFirst(index) {
            let lines = ["the environment makes it '\(text.escaped())'", findings[index].help].compactMap(\.self)
            findings[index].help = lines.joined(separator: "\n")
        }
        conceal(text, since: index)
    }

    /// Takes the words of the findings from an index on away where `text`, which they are about, holds a secret: they may
    /// quote any part of it.
    private mutating func conceal(_ text: String, since index: Int) {
        let secrets = SecretMask(environment.filter(\.isSecret).compactMap(\.value))
        guard secrets.masked(text) != text else { return }
        for index in findings.indices.dropFirst(index) {
            findings[index].message = .secretDoesNotFit
            findings[index].help = "set the variable in it to what fits; its value is a secret, and not shown"
        }
    }

    private var environmentContext: EvaluationContext {
        EvaluationContext(run: RunFacts(environment: environment.map { .string($0.value ?? "") }))
    }

    private func text(_ template: Template, _ context: inout EvaluationContext) throws(EvaluationError) -> String {
        var bytes: [UInt8] = []
        try template.render(into: &bytes, in: &context)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Diagnostic.Message {
    fileprivate static func environmentName(_ name: String) -> Self {
        Self("'\(name)' cannot be the name of an environment variable")
    }

    fileprivate static func missingEnvironment(_ name: String) -> Self {
        Self("the environment variable '\(name)' has no value")
    }

    fileprivate static let secretDoesNotFit = Self("what the environment makes of this does not fit here")

    fileprivate static func unrenderable(_ reason: String) -> Self { Self("this has no value: \(reason)") }
}
