import Diagnostics
import JSON

/// Variables, facts and what is selected from them.
extension Checker {
    mutating func checkName(_ name: String, isRoot: Bool, at range: Range<Int>) -> Unit {
        if let depth = binding(name, isRoot: isRoot) {
            return emit(.binding(depth: Node.Index(depth)), type: bindings[depth].type, at: range)
        }
        if let slot = scope.lookup(name) {
            return emit(slot.node, type: scope.type(of: name), at: range)
        }
        guard let root = FactRoot(rawValue: name) else {
            reportUnknown(name, isRoot: isRoot, at: range)
            return .invalid
        }
        guard isAvailable(root, at: range) else { return .invalid }
        if root == .scenario { return emit(.fact(.scenario), types: .string, at: range) }
        report(.unknownField, .noValue(name), at: range, help: fieldHelp(of: root))
        return .invalid
    }

    mutating func checkSelect(_ operand: SyntaxTree.Index, _ field: SyntaxTree.Name, at range: Range<Int>) -> Unit {
        if let root = factRoot(at: operand) {
            return checkFact(root, at: tree[operand].range, field: field, range: range)
        }
        if let cell = checkDataColumn(operand, field, at: range) { return cell }
        let unit = check(operand)
        guard let node = unit.node else { return .invalid }
        if let path = messagePath(of: node) {
            return emit(.messagePath(append(path: path + [.key(field.text)])), type: .json, at: range)
        }
        guard unit.types.contains(.map) else {
            report(
                .typeMismatch, .noFields(unit.types), at: field.range,
                help: fieldHelp(field.text, of: operand, unit.types))
            return .invalid
        }
        let key = Value.string(isHeaders(node) ? field.text.lowercased() : field.text)
        return folded(.select(node, key: append(constant: key)), of: [node], type: unit.type.values, at: range)
    }

    mutating func checkIndex(_ operand: SyntaxTree.Index, _ key: SyntaxTree.Index, at range: Range<Int>) -> Unit {
        if let root = factRoot(at: operand), root != .scenario,
            case .literal(.string(let field)) = tree[key].kind
        {
            guard isAvailable(root, at: tree[operand].range) else { return .invalid }
            report(
                .unknownField, .noValue(root.rawValue), at: range, help: "write \(root.rawValue).\(field)")
            return .invalid
        }
        if case .literal(.string(let column)) = tree[key].kind,
            let cell = checkDataColumn(operand, .init(text: column, range: tree[key].range), at: range)
        {
            return cell
        }
        let container = check(operand)
        let index = check(key)
        guard let containerNode = container.node, let indexNode = index.node else { return .invalid }
        if let path = messagePath(of: containerNode), let step = constantValue(indexNode)?.pathStep {
            return emit(.messagePath(append(path: path + [step])), type: .json, at: range)
        }
        guard !container.types.isDisjoint(with: [.list, .map]) else {
            report(
                .typeMismatch, .operand("[…]", takes: [.list, .map], found: container.types), at: tree[operand].range,
                help: container.types == .string
                    ? "one character is text.charAt(0), a part text.substring(0, 3)"
                    : "only lists and maps have elements")
            return .invalid
        }
        let keys: ValueTypes =
            container.types.contains(.map) ? [.string, .int, .uint, .double, .bool] : .number
        guard !index.types.isDisjoint(with: keys) else {
            report(
                .typeMismatch, .operand("[…]", takes: keys, found: index.types), at: tree[key].range,
                help: "elements of a list are numbered from 0: list[0]")
            return .invalid
        }
        let headerKey = isHeaders(containerNode) ? lowercased(index, at: tree[key].range) : index
        guard let keyNode = headerKey.node else { return .invalid }
        return folded(
            .index(containerNode, keyNode), of: [containerNode, keyNode], type: container.type.indexed, at: range)
    }

    // MARK: - Facts

    /// The fact that a name starts, unless a variable has it; nil for anything but a name.
    func factRoot(at index: SyntaxTree.Index) -> FactRoot? {
        guard case .name(let name, let isRoot) = tree[index].kind, binding(name, isRoot: isRoot) == nil,
            scope.lookup(name) == nil
        else { return nil }
        return FactRoot(rawValue: name)
    }

    /// How many macros stand around the one that binds a name here; nil where none does.
    private func binding(_ name: String, isRoot: Bool) -> Int? {
        isRoot ? nil : bindings.lastIndex { $0.name == name }
    }

    private mutating func checkFact(
        _ root: FactRoot, at rootRange: Range<Int>, field: SyntaxTree.Name, range: Range<Int>
    ) -> Unit {
        guard isAvailable(root, at: rootRange) else { return .invalid }
        if root == .data { return checkDataSource(field, at: range) }
        if root == .env, let slot = scope.environment.firstIndex(of: field.text) {
            return emit(.environment(slot: Node.Index(slot)), types: .string, at: range)
        }
        guard let fact = Fact(rawValue: "\(root.rawValue).\(field.text)") else {
            reportUnknownField(of: root, field)
            return .invalid
        }
        if fact == .messageJSON {
            return emit(.messagePath(append(path: [])), type: .json, at: range)
        }
        return emit(.fact(fact), type: fact.type, at: range)
    }

    /// The path of a node that reads the message's JSON.
    func messagePath(of node: Node.Index) -> [JSONPathStep]? {
        if case .messagePath(let path) = nodes[Int(node)] { paths[Int(path)] } else { nil }
    }

    /// Names of header fields are compared without case (RFC 9110 section 5.1).
    func isHeaders(_ node: Node.Index) -> Bool {
        if case .fact(.responseHeaders) = nodes[Int(node)] { true } else { false }
    }

    mutating func lowercased(_ name: Unit, at range: Range<Int>) -> Unit {
        guard let node = name.node else { return .invalid }
        let first = append(operands: [node])
        return folded(.call(.lowerAscii, first: first, count: 1), of: [node], types: .string, at: range)
    }

    private mutating func isAvailable(_ root: FactRoot, at range: Range<Int>) -> Bool {
        guard scope.facts.isSuperset(of: root.requirement) else {
            report(.nameNotAvailable, .notHere(root), at: range, help: "it exists \(root.whereabouts)")
            return false
        }
        return true
    }

    // MARK: - Unknown names

    private mutating func reportUnknown(_ name: String, isRoot: Bool, at range: Range<Int>) {
        guard !scope.mayDeclare(name) else { return }
        let names = (isRoot ? [] : bindings.map(\.name)) + scope.variableNames.sorted()
        let candidates = names + FactRoot.allCases.map(\.rawValue) + ["true", "false", "null"]
        let help: String? =
            if let foreign = Self.foreignNames[name] {
                foreign
            } else if let near = suggestion(for: name, among: candidates) {
                "did you mean '\(near)'?"
            } else if let function = Function(rawValue: name) {
                "'\(name)' is a function: \(function.usage)"
            } else {
                "declare it in vars, vu_vars or let; a text stands in quotes: '\(name)'"
            }
        report(.unknownName, .unknownName(name), at: range, help: help)
    }

    mutating func reportUnknownField(of root: FactRoot, _ field: SyntaxTree.Name) {
        if root == .data, scope.mayLackData || scope.unreadNames.contains(field.text) { return }
        if root == .env, scope.mayLackEnvironment || scope.unreadNames.contains(field.text) { return }
        let fields = fields(of: root)
        let help = suggestion(for: field.text, among: fields).map { "did you mean '\($0)'?" } ?? fieldHelp(of: root)
        let message: Diagnostic.Message =
            switch root {
            case .env: .undeclared("environment variable", field.text)
            case .data: .undeclared("data source", field.text)
            default: .unknownField(root.rawValue, field.text)
            }
        report(.unknownField, message, at: field.range, help: help)
    }

    private func fields(of root: FactRoot) -> [String] {
        switch root {
        case .env: scope.environment
        case .data: scope.dataNames.sorted()
        default: root.fields
        }
    }

    private func fieldHelp(of root: FactRoot) -> String? {
        switch root {
        case .env where scope.environment.isEmpty: "declare it under 'env' of the plan"
        case .data where scope.dataNames.isEmpty: "declare it under 'data' of the plan, with its file"
        case .scenario: "it is the scenario's name itself"
        default: "there is " + fields(of: root).map { "\(root.rawValue).\($0)" }.joined(separator: ", ")
        }
    }

    /// What authors bring along from other languages.
    private static let foreignNames: [String: String] = [
        "undefined": "write null; whether a field exists says has(a.b)", "nil": "write null", "None": "write null",
        "NULL": "write null", "NaN": "leave it out: there is no such number", "this": "use the name alone",
        "vars": "use the variable's name alone", "vu_vars": "use the variable's name alone",
        "msg": "did you mean 'message'?", "event": "did you mean 'message'?", "payload": "did you mean 'message'?",
        "body": "did you mean 'message.text'?", "self": "use the name alone",
        "Math": "there are random() and random_int(a, b)", "Date": "there is now_ms()",
        "JSON": "there are from_json(text) and to_json(value)", "__VU": "the number of the VU is vu.id",
        "__ITER": "the number of the iteration is vu.iteration", "__ENV": "environment variables are env.NAME",
    ]

    /// What the author of `x.field` may have meant, where x can be no map.
    private func fieldHelp(_ field: String, of operand: SyntaxTree.Index, _ found: ValueTypes) -> String {
        if ["length", "count", "size"].contains(field) { return "use size(\(short(operand) ?? "x"))" }
        if let function = Function(rawValue: field), function.signature.form != .global {
            return "it is called with parentheses: \(function.usage)"
        }
        if case .select(let root, let part) = tree[operand].kind, factRoot(at: root) == .message,
            ["text", "data", "bytes"].contains(part.text)
        {
            return "message.json reads the message as JSON: message.json.\(field)"
        }
        if found.contains(.string) { return "from_json(text) reads a text as JSON" }
        return found.contains(.list) ? "elements of a list are indexed: list[0]" : "leave out '.\(field)'"
    }
}

extension Value {
    /// A constant index as a step into JSON; nil for what finds nothing there, which is told when it is evaluated.
    fileprivate var pathStep: JSONPathStep? {
        switch self {
        case .string(let key): .key(key)
        case .int(let index) where index >= 0: .index(Int(index))
        default: nil
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownName(_ name: String) -> Self { Self("nothing is called '\(name)' here") }
    fileprivate static func noValue(_ name: String) -> Self { Self("'\(name)' is no value itself, but has parts") }
    fileprivate static func unknownField(_ root: String, _ field: String) -> Self {
        Self("'\(root)' has no part '\(field)'")
    }
    fileprivate static func undeclared(_ kind: String, _ name: String) -> Self {
        Self("the plan declares no \(kind) '\(name)'")
    }
    fileprivate static func notHere(_ root: FactRoot) -> Self { Self("there is no '\(root.rawValue)' at this place") }
    fileprivate static func noFields(_ found: ValueTypes) -> Self {
        Self("fields are selected from a map, this is \(found)")
    }
}
