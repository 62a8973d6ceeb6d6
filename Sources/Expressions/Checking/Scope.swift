/// The names that expressions see at one place of a plan.
package struct Scope: Sendable {
    /// Where a variable's value is kept at run time.
    package enum Slot: Hashable, Sendable {
        /// An index into `EvaluationContext.variables`: of the VU or the iteration.
        case session(Int)
        /// An index into `EvaluationContext.locals`: of the running task.
        case local(Int)

        var node: Node {
            switch self {
            case .session(let slot): .session(slot: Node.Index(slot))
            case .local(let slot): .local(slot: Node.Index(slot))
            }
        }
    }

    /// Where the rows of a source are, and what they hold.
    struct DataSource: Sendable {
        var slot: Slot
        /// Nil where that is not known.
        var columns: DataColumns?
    }

    private struct Variable: Sendable {
        var slot: Slot
        var type: StaticType
    }

    /// What exists at this place besides variables.
    package var facts: FactSet
    /// The declared names of `env`; a name's place is its index into `RunFacts.environment`.
    package var environment: [String]
    /// Whether there may be more names than these. Nothing is then said of a name that is not among them, and what reads
    /// one has no code.
    package var mayLackNames = false
    /// Whether there may be more environment variables than these; nothing is then said of others.
    package var mayLackEnvironment = false
    /// The same for the sources of `data`.
    package var mayLackData = false
    /// Names of which it is not known whether they are declared; nothing is said of them either.
    package var unreadNames: Set<String> = []
    private var variables: [String: Variable] = [:]
    /// The names of variables, in the order of their declarations.
    private var declarations: [String] = []
    private var dataSources: [String: DataSource] = [:]

    package init(facts: FactSet, environment: [String] = []) {
        self.facts = facts
        self.environment = environment
    }

    /// From now on `name` is the variable at `slot`, whatever it was before: the nearest declaration comes last.
    ///
    /// - Parameter type: what is known of its value at every place that sees this declaration.
    package mutating func declare(_ name: String, _ slot: Slot, type: StaticType = .any) {
        variables[name] = Variable(slot: slot, type: type)
        declarations.append(name)
    }

    /// From now on the variables that were declared behind the first `count` declarations may be null: the steps that make
    /// them may not have run.
    package mutating func loosenVariables(declaredAfter count: Int) {
        for name in declarations[count...] {
            guard let type = variables[name]?.type else { continue }
            variables[name]?.type = type.union(StaticType(.null))
        }
    }

    /// How often a variable was declared.
    package var declarationCount: Int { declarations.count }

    /// The same names, of some of whose values nothing is known.
    package func knowingNothing(of names: Set<String>) -> Scope {
        var scope = self
        for name in names { scope.variables[name]?.type = .any }
        return scope
    }

    /// `data.NAME` is the map at `slot`: the row that was dealt. Of one whose columns are not known nothing is said.
    package mutating func declareData(_ name: String, _ slot: Slot, columns: DataColumns? = nil) {
        dataSources[name] = DataSource(slot: slot, columns: columns)
    }

    /// Whether a name that is not among these may be declared all the same.
    package func mayDeclare(_ name: String) -> Bool { mayLackNames || unreadNames.contains(name) }

    /// Where the variable of this name is; nil where none is declared.
    package func lookup(_ name: String) -> Slot? { variables[name]?.slot }

    func type(of name: String) -> StaticType { variables[name]?.type ?? .any }

    func lookupData(_ name: String) -> DataSource? { dataSources[name] }

    /// The declared variables, in no particular order.
    package var variableNames: [String] { Array(variables.keys) }

    var dataNames: [String] { Array(dataSources.keys) }
}

extension Scope {
    /// Whether a name can stand in an expression: letters, digits and `_`, not a digit first.
    package static func isIdentifier(_ name: String) -> Bool {
        let lexer = Lexer(name)
        return !lexer.bytes.isEmpty && !lexer.isDigit(lexer.bytes.first)
            && lexer.bytes.allSatisfy { lexer.isNamePart($0) }
    }

    /// Names that no variable may have: they mean something, or may do so later.
    package static let reservedNames: Set<String> = [
        "vu", "run", "scenario", "env", "data", "server", "response", "message", "error", "close", "vars", "vu_vars",
        "session", "http", "setup", "shared", "rows", "step", "timer", "loop", "peer", "ping", "pong", "now",
    ]

    /// Words that are literals or operators, and so no name of a field either.
    static let literalWords: Set<String> = ["true", "false", "null", "in"]

    /// Words that CEL's grammar keeps to itself: no variable can have such a name either.
    package static let languageWords: Set<String> = literalWords.union([
        "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ])
}
