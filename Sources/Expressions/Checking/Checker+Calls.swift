import Diagnostics
import JSON

/// Functions, methods and macros.
extension Checker {
    /// `name(…)`
    mutating func checkCall(_ name: SyntaxTree.Name, _ arguments: [SyntaxTree.Index], at range: Range<Int>) -> Unit {
        if name.text == Macro.has.rawValue { return checkHas(arguments, at: range) }
        guard let function = Function(rawValue: name.text) else {
            reportUnknown(name, isMethod: false)
            return .invalid
        }
        guard function.signature.form != .method else {
            report(
                .unknownFunction, .isMethod(name.text), at: name.range, help: "write \(function.usage)")
            return .invalid
        }
        return checkArguments(of: function, name: name, parts: arguments, isMethod: false, at: range)
    }

    /// `target.name(…)`
    mutating func checkMethod(
        _ target: SyntaxTree.Index, _ name: SyntaxTree.Name, _ arguments: [SyntaxTree.Index], at range: Range<Int>
    ) -> Unit {
        if let macro = Macro(rawValue: name.text), macro.isComprehension {
            return checkComprehension(macro, over: target, name: name, arguments, at: range)
        }
        if case .name(let namespace, _) = tree[target].kind, Function.namespaces.contains(namespace),
            scope.lookup(namespace) == nil
        {
            let fullName = SyntaxTree.Name(
                text: "\(namespace).\(name.text)", range: tree[target].range.lowerBound..<name.range.upperBound)
            return checkCall(fullName, arguments, at: range)
        }
        if let root = factRoot(at: target), root.fields.contains(name.text) {
            report(
                .unknownFunction, .unknownFunction(name.text, isMethod: true), at: name.range,
                help: "write \(root.rawValue).\(name.text), without parentheses")
            return .invalid
        }
        guard let function = Function(rawValue: name.text) else {
            reportUnknown(name, isMethod: true)
            return .invalid
        }
        guard function.signature.form != .global else {
            report(.unknownFunction, .isFunction(name.text), at: name.range, help: "write \(function.usage)")
            return .invalid
        }
        return checkArguments(of: function, name: name, parts: [target] + arguments, isMethod: true, at: range)
    }

    private mutating func checkArguments(
        of function: Function, name: SyntaxTree.Name, parts: [SyntaxTree.Index], isMethod: Bool, at range: Range<Int>
    ) -> Unit {
        let signature = function.signature
        guard signature.argumentCounts.contains(parts.count) else {
            report(
                .wrongArguments,
                .wrongCount(
                    name.text, takes: signature.argumentCounts, implied: isMethod ? 1 : 0, found: parts.count),
                at: name.range, help: "write \(function.usage)")
            for part in parts { _ = check(part) }
            return .invalid
        }
        var units: [Unit] = []
        for (part, parameter) in zip(parts, signature.parameters) {
            let unit = check(part)
            if unit.types.isDisjoint(with: parameter) {
                report(
                    .wrongArguments, .operand(name.text, takes: parameter, found: unit.types), at: tree[part].range,
                    help: conversion(of: part, from: unit.types, to: parameter) ?? "it is used as \(function.usage)")
            }
            units.append(unit)
        }
        if function == .join, let list = units.first, list.type.elements.types.isDisjoint(with: .string) {
            report(
                .wrongArguments, .joins(list.type.elements.types), at: tree[parts[0]].range,
                help: "list.map(x, string(x)) makes texts of them")
        }
        guard let nodes = all(units) else { return .invalid }
        if let test = messageTest(function, nodes, at: range) { return test }
        if let search = checkSearch(function, nodes, pattern: parts.last, at: range) { return search }
        if function == .dyn { return Unit(node: nodes[0], type: .any) }
        let call = Node.call(function, first: append(operands: nodes), count: Node.Index(nodes.count))
        let type = resultType(of: function, units)
        return signature.isPure
            ? folded(call, of: nodes, type: type, at: range) : emit(call, type: type, at: range)
    }

    /// The type of a call's value, with what is in it.
    private func resultType(of function: Function, _ arguments: [Unit]) -> StaticType {
        switch function {
        case .range: .list(of: StaticType(.int))
        case .split: .list(of: StaticType(.string))
        case .fromJSON: .json
        case .pick: arguments.first?.type.elements ?? .any
        default: StaticType(function.signature.result)
        }
    }

    /// `message.text.startsWith("text")`, `message.json.a.contains("text")` and the like, without making a string of the
    /// message.
    private mutating func messageTest(_ function: Function, _ nodes: [Node.Index], at range: Range<Int>) -> Unit? {
        let tests: [Function: TextTest] = [.startsWith: .startsWith, .endsWith: .endsWith, .contains: .contains]
        guard let test = tests[function], case .string(let text)? = constantValue(nodes[1]) else { return nil }
        switch self.nodes[Int(nodes[0])] {
        case .fact(.messageText), .messagePath: break
        default: return nil
        }
        let constant = append(constant: .bytes(Array(text.utf8)))
        return emit(.messageTextTest(test, target: nodes[0], text: constant), types: .bool, at: range)
    }

    // MARK: - Macros

    /// `has(a.b)`
    private mutating func checkHas(_ arguments: [SyntaxTree.Index], at range: Range<Int>) -> Unit {
        guard arguments.count == 1, case .select(let operand, let field) = tree[arguments[0]].kind else {
            report(.wrongArguments, .hasTakesSelection, at: range, help: "for example has(message.json.id)")
            return .invalid
        }
        let unit = check(arguments[0])
        guard let node = unit.node else { return .invalid }
        switch nodes[Int(node)] {
        case .messagePath(let path) where !paths[Int(path)].isEmpty:
            guard let parent = check(operand).node else { return .invalid }
            return emit(.hasMessagePath(path, parent: parent), types: .bool, at: range)
        case .select(let map, let key): return emit(.has(map, key: key), types: .bool, at: range)
        case .constant:
            let map = check(operand)
            guard let mapNode = map.node else { return .invalid }
            return folded(
                .has(mapNode, key: append(constant: .string(field.text))), of: [mapNode], types: .bool, at: range)
        default:
            report(
                .wrongArguments, .alwaysThere(source.text.utf8Text(tree[arguments[0]].range)),
                at: tree[arguments[0]].range, help: "has(…) asks whether a map has a field")
            return .invalid
        }
    }

    /// `list.all(x, condition)`
    private mutating func checkComprehension(
        _ macro: Macro, over target: SyntaxTree.Index, name: SyntaxTree.Name, _ arguments: [SyntaxTree.Index],
        at range: Range<Int>
    ) -> Unit {
        let domain = check(target)
        if domain.types.isDisjoint(with: [.list, .map]) {
            report(
                .typeMismatch, .operand(name.text, takes: [.list, .map], found: domain.types), at: tree[target].range,
                help: domain.types == .int ? "range(n) is the list of the numbers below n" : "a list is written [a, b]")
        }
        guard arguments.count == 2 || (macro == .map && arguments.count == 3),
            case .name(let variable, isRoot: false) = tree[arguments[0]].kind
        else {
            report(
                .wrongArguments, .macroForm(name.text), at: name.range,
                help: "write list.\(name.text)(x, …): first a name for the element, then an expression with it")
            return .invalid
        }
        if FactRoot(rawValue: variable) != nil {
            report(
                .wrongArguments, .reservedVariable(variable), at: tree[arguments[0]].range,
                help: "for example list.\(name.text)(x, …)")
            return .invalid
        }
        let depth = Node.Index(bindings.count)
        bindings.append(Binding(name: variable, type: domain.type.walked))
        defer { bindings.removeLast() }
        let needsBool = macro != .map || arguments.count == 3
        let body = needsBool ? checkBool(arguments[1], operation: "the condition of \(name.text)") : check(arguments[1])
        let result = arguments.count == 3 ? check(arguments[2]) : nil
        guard let domainNode = domain.node, let bodyNode = body.node else { return .invalid }
        if let result, result.node == nil { return .invalid }
        let type: StaticType =
            switch macro {
            case .map: .list(of: (result ?? body).type)
            case .filter: .list(of: domain.type.walked)
            case .all, .exists, .existsOne, .has: StaticType(.bool)
            }
        return folded(
            .comprehension(macro, target: domainNode, body: bodyNode, result: result?.node, depth: depth),
            of: [domainNode, bodyNode] + (result?.node.map { [$0] } ?? []), type: type, at: range)
    }

    // MARK: - Unknown functions

    private mutating func reportUnknown(_ name: SyntaxTree.Name, isMethod: Bool) {
        if let feature = Self.leftOut[name.text] {
            report(.unsupportedFeature, .leftOut(name.text), at: name.range, help: feature)
            return
        }
        if !isMethod, Macro(rawValue: name.text)?.isComprehension == true {
            report(
                .unknownFunction, .isMethod(name.text), at: name.range, help: "write list.\(name.text)(x, …)")
            return
        }
        let candidates =
            Function.allCases.map(\.rawValue) + Macro.allCases.map(\.rawValue) + Self.foreignFunctions.keys.sorted()
        let help =
            suggestion(for: name.text, among: candidates).map { Self.foreignFunctions[$0] ?? "did you mean '\($0)'?" }
            ?? (isMethod ? "methods are: " + Self.methods : "functions are: " + Self.functions)
        report(.unknownFunction, .unknownFunction(name.text, isMethod: isMethod), at: name.range, help: help)
    }

    private static let methods =
        (Function.allCases.filter { $0.signature.form != .global }.map(\.rawValue)
        + Macro.allCases.filter(\.isComprehension).map(\.rawValue)).sorted().joined(separator: ", ")

    private static let functions =
        (Function.allCases.filter { $0.signature.form != .method }.map(\.rawValue)
        + [Macro.has.rawValue]).sorted().joined(separator: ", ")

    private static let leftOut: [String: String] = [
        "type": "types are no values here; convert with int(x), string(x) …",
        "timestamp": "times are numbers here: now_ms(), time_ms(iso)",
        "duration": "times are numbers here, in milliseconds",
        "getFullYear": "times are numbers here", "getMonth": "times are numbers here",
        "getDate": "times are numbers here", "getDayOfMonth": "times are numbers here",
        "getDayOfWeek": "times are numbers here", "getDayOfYear": "times are numbers here",
        "getHours": "times are numbers here", "getMinutes": "times are numbers here",
        "getSeconds": "times are numbers here", "getMilliseconds": "times are numbers here",
    ]

    /// What authors bring along from other languages.
    private static let foreignFunctions: [String: String] = [
        "length": "use size(x)", "len": "use size(x)", "count": "use size(x)",
        "includes": "use text.contains(part), or x in list",
        "toLowerCase": "use lowerAscii()", "toLower": "use lowerAscii()", "lower": "use lowerAscii()",
        "toUpperCase": "use upperAscii()", "toUpper": "use upperAscii()", "upper": "use upperAscii()",
        "substr": "use substring(start, end)", "slice": "use substring(start, end)",
        "replaceAll": "use replace(old, new)", "parseInt": "use int(x)", "parseFloat": "use double(x)",
        "Number": "use int(x) or double(x)", "String": "use string(x)", "str": "use string(x)",
        "toString": "use string(x)", "float": "use double(x)", "parse": "use from_json(text)",
        "stringify": "use to_json(value)", "json": "use from_json(text)", "some": "use exists(x, …)",
        "every": "use all(x, …)", "any": "use exists(x, …)", "find": "use filter(x, …)[0]",
        "starts_with": "use startsWith(text)", "ends_with": "use endsWith(text)", "now": "use now_ms()",
        "btoa": "use base64.encode(bytes)", "atob": "use base64.decode(text)",
        "isNaN": "there is no such number: leave it out", "floor": "int(x) cuts a fraction off",
        "round": "int(x) cuts a fraction off", "trunc": "int(x) cuts a fraction off",
        "ceil": "int(x) cuts a fraction off",
        "startswith": "use text.startsWith(part)", "endswith": "use text.endsWith(part)",
        "isEmpty": "use size(x) == 0", "empty": "use size(x) == 0", "exist": "use has(a.b) or list.exists(x, …)",
        "concat": "use a + b", "format": "write a template: 'text ${x}'", "uuidv4": "use uuid()", "uuid4": "use uuid()",
        "timestamp_ms": "use now_ms()", "test": "use text.matches(regex)", "match": "use text.matches(regex)",
        "regex": "use text.matches(regex)", "regexMatch": "use text.matches(regex)",
        "search": "use extract(text, regex)", "existsOne": "use exists_one(x, …)",
        "encodeURIComponent": "use url_encode(text)", "push": "use list + [x]", "keys": "map.map(k, k) lists the keys",
    ]
}

extension Diagnostic.Message {
    fileprivate static func unknownFunction(_ name: String, isMethod: Bool) -> Self {
        Self("there is no \(isMethod ? "method" : "function") '\(name)'")
    }
    fileprivate static func leftOut(_ name: String) -> Self {
        Self("'\(name)' is a part of CEL that plans do not have")
    }
    fileprivate static func isMethod(_ name: String) -> Self { Self("'\(name)' is called on a value") }
    fileprivate static func isFunction(_ name: String) -> Self { Self("'\(name)' is not called on a value") }
    fileprivate static func wrongCount(
        _ name: String, takes counts: ClosedRange<Int>, implied: Int, found: Int
    ) -> Self {
        let (least, greatest) = (counts.lowerBound - implied, counts.upperBound - implied)
        let takes =
            switch (least, greatest) {
            case (0, 0): "no arguments"
            case (1, 1): "one argument"
            case _ where least == greatest: "\(least) arguments"
            case _ where least + 1 == greatest: "\(least) or \(greatest) arguments"
            default: "\(least) to \(greatest) arguments"
            }
        return Self("'\(name)' takes \(takes), not \(found - implied)")
    }
    fileprivate static func joins(_ elements: ValueTypes) -> Self {
        Self("join takes a list of strings, an element of this one is \(elements)")
    }
    fileprivate static var hasTakesSelection: Self { Self("has(…) takes one selection of a field") }
    fileprivate static func alwaysThere(_ source: String) -> Self { Self("'\(source)' is no field of a map") }
    fileprivate static func macroForm(_ name: String) -> Self { Self("'\(name)' needs a name and an expression") }
    fileprivate static func reservedVariable(_ name: String) -> Self {
        Self("'\(name)' means something else already; give the element another name")
    }
}
