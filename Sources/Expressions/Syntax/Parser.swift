import Diagnostics

/// Builds the tree of one expression, by the grammar of CEL: recursive descent, binary operators by precedence.
struct Parser {
    let text: LocatedText
    private(set) var tokens: [Token] = []
    private(set) var position = 0
    private var tree = SyntaxTree()
    /// Calls of `expression` that are under way, so that no text can exhaust the stack before its tree is built.
    private var nesting = 0
    /// The last operand that was read whole, with its selections and calls.
    private(set) var lastOperand: Range<Int>?

    init(_ text: LocatedText) { self.text = text }

    mutating func parse() throws(SyntaxError) -> SyntaxTree {
        let length = text.text.utf8.count
        guard length <= ExpressionLimits.length else {
            throw SyntaxError(.tooLong(length), at: 0..<length, help: Self.sizeHelp, code: .expressionTooLarge)
        }
        var lexer = Lexer(text.text)
        tokens = try lexer.tokens()
        guard current.kind != .end else {
            throw SyntaxError(.empty, at: 0..<length, help: "for example vu.id, or size(items) > 0")
        }
        tree.root = try expression()
        guard current.kind == .end else { throw unexpected() }
        return tree
    }

    // MARK: - Words

    var current: Token { tokens[position] }

    private var previousEnd: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    private mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func expect(_ symbol: Token.Symbol, closing opening: Range<Int>? = nil) throws(SyntaxError) {
        if take(symbol) { return }
        guard let opening, current.kind == .end else { throw unexpected(expected: "'\(symbol.rawValue)'") }
        throw SyntaxError(
            .notClosed(text.text.utf8Text(opening), symbol.rawValue), at: opening,
            help: closed.map { "close it, for example: \($0)" } ?? "write a '\(symbol.rawValue)' where it ends")
    }

    // MARK: - Grammar

    /// `Expr = ConditionalOr ["?" ConditionalOr ":" Expr]`
    private mutating func expression() throws(SyntaxError) -> SyntaxTree.Index {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= ExpressionLimits.depth else {
            throw SyntaxError(.tooDeep, at: current.range, help: Self.sizeHelp, code: .expressionTooLarge)
        }
        let condition = try binary(minimum: 1)
        let question = current.range
        guard take(.question) else { return condition }
        let then = try binary(minimum: 1)
        guard take(.colon) else {
            if current.kind == .end {
                throw SyntaxError(.conditionalWithoutElse, at: question, help: "write condition ? value : other")
            }
            throw unexpected(expected: "':'")
        }
        let otherwise = try expression()
        return try node(.conditional(condition, then, otherwise), from: condition)
    }

    /// `||`, `&&`, relations, sums and products: everything that binds at least as strongly as `minimum`.
    private mutating func binary(minimum: Int) throws(SyntaxError) -> SyntaxTree.Index {
        var left = try unary()
        while let operation = operatorHere, operation.precedence >= minimum {
            let symbol = current.range
            advance()
            let right = try binary(minimum: operation.precedence + 1)
            left = try node(.binary(operation, left, right, symbol: symbol), from: left)
        }
        return left
    }

    private var operatorHere: BinaryOperator? {
        switch current.kind {
        case .symbol(let symbol): BinaryOperator(rawValue: symbol.rawValue)
        case .identifier("in"): .in
        default: nil
        }
    }

    /// `Unary = Member | "!" {"!"} Member | "-" {"-"} Member`
    private mutating func unary() throws(SyntaxError) -> SyntaxTree.Index {
        var operators: [(UnaryOperator, Token)] = []
        while let operation = unaryHere {
            operators.append((operation, current))
            advance()
        }
        guard operators.count <= ExpressionLimits.depth else {
            throw SyntaxError(.tooDeep, at: operators[0].1.range, help: Self.sizeHelp, code: .expressionTooLarge)
        }
        var operand: SyntaxTree.Index
        if case (.negate, let minus)? = operators.last, let literal = negativeLiteral() {
            operators.removeLast()
            advance()
            operand = try postfix(try node(.literal(literal), at: minus.range.lowerBound..<previousEnd))
        } else {
            operand = try postfix(try primary())
        }
        lastOperand = tree[operand].range
        while let (operation, token) = operators.popLast() {
            operand = try node(.unary(operation, operand), at: token.range.lowerBound..<tree[operand].range.upperBound)
        }
        return operand
    }

    private var unaryHere: UnaryOperator? {
        switch current.kind {
        case .symbol(.not): .not
        case .symbol(.minus): .negate
        default: nil
        }
    }

    /// A minus belongs to the number after it, so that the least int can be written.
    private func negativeLiteral() -> Value? {
        switch current.kind {
        case .int(let magnitude) where magnitude <= Int64.min.magnitude: .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        case .double(let value): .double(-value)
        default: nil
        }
    }

    /// `Member = Primary { "." SELECTOR ["(" … ")"] | "[" Expr "]" }`
    private mutating func postfix(_ primary: SyntaxTree.Index) throws(SyntaxError) -> SyntaxTree.Index {
        var member = primary
        while true {
            if take(.dot) {
                let isQuoted = current.isQuotedName
                let field = try selector()
                if current.kind == .symbol(.leftParenthesis) {
                    guard !isQuoted else {
                        throw SyntaxError(.quotedMethod, at: field.range, help: "write \(field.text)(…)")
                    }
                    let arguments = try arguments()
                    member = try node(.method(member, field, arguments), from: member)
                } else {
                    member = try node(.select(member, field: field), from: member)
                }
            } else if current.kind == .symbol(.leftBracket) {
                let opening = current.range
                advance()
                let index = try expression()
                try expect(.rightBracket, closing: opening)
                member = try node(.index(member, index), from: member)
            } else {
                return member
            }
        }
    }

    /// `SELECTOR`, or a name between backticks, which may be a reserved word.
    private mutating func selector() throws(SyntaxError) -> SyntaxTree.Name {
        let token = current
        if case .quotedName(let name) = token.kind {
            advance()
            return SyntaxTree.Name(text: name, range: token.range)
        }
        guard case .identifier(let name) = token.kind else {
            if case .int = token.kind {
                throw SyntaxError(.fieldIsNumber, at: token.range, help: "elements of a list are indexed: list[0]")
            }
            throw unexpected(expected: "the name of a field")
        }
        guard !Scope.literalWords.contains(name) else {
            throw SyntaxError(.reservedWord(name), at: token.range, help: "use `\(name)`, or [\"\(name)\"]")
        }
        advance()
        return SyntaxTree.Name(text: name, range: token.range)
    }

    private mutating func arguments() throws(SyntaxError) -> [SyntaxTree.Index] {
        let opening = current.range
        try expect(.leftParenthesis)
        var arguments: [SyntaxTree.Index] = []
        if take(.rightParenthesis) { return arguments }
        repeat { arguments.append(try expression()) } while take(.comma)
        try expect(.rightParenthesis, closing: opening)
        return arguments
    }

    private mutating func primary() throws(SyntaxError) -> SyntaxTree.Index {
        let token = current
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int64(exactly: magnitude) else {
                throw SyntaxError(
                    .numberOutOfRange("an int"), at: token.range,
                    help: "a uint is written \(magnitude)u, a double \(magnitude).0")
            }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .identifier("true"): return try literal(.bool(true))
        case .identifier("false"): return try literal(.bool(false))
        case .identifier("null"): return try literal(.null)
        case .identifier(let name): return try identifier(name)
        case .quotedName: throw SyntaxError(.backtick, at: token.range, help: Self.backtickHelp)
        case .symbol(.dot): return try rootIdentifier()
        case .symbol(.leftParenthesis):
            advance()
            let inner = try expression()
            try expect(.rightParenthesis, closing: token.range)
            tree.widen(inner, to: token.range.lowerBound..<previousEnd)
            return inner
        case .symbol(.leftBracket): return try list()
        case .symbol(.leftBrace): return try map()
        case .symbol, .end: throw unexpected(expected: "a value")
        }
    }

    private mutating func literal(_ value: Value) throws(SyntaxError) -> SyntaxTree.Index {
        let range = current.range
        advance()
        return try node(.literal(value), at: range)
    }

    /// `.name`, which is what has this name outside of all macros; a function is the same with and without the dot.
    private mutating func rootIdentifier() throws(SyntaxError) -> SyntaxTree.Index {
        let start = current.range.lowerBound
        advance()
        guard case .identifier(let name) = current.kind, !Scope.literalWords.contains(name) else {
            throw unexpected(expected: "a name")
        }
        return try identifier(name, isRoot: true, from: start)
    }

    private mutating func identifier(
        _ name: String, isRoot: Bool = false, from start: Int? = nil
    ) throws(SyntaxError) -> SyntaxTree.Index {
        let token = current
        let start = start ?? token.range.lowerBound
        if name == "not" || Scope.languageWords.contains(name), tokens[position + 1].startsValue || name != "not" {
            throw name == "not"
                ? SyntaxError(.wordOperator(name), at: token.range, help: "use !")
                : SyntaxError(.reservedWord(name), at: token.range, help: Self.reservedWordHelp(name))
        }
        advance()
        guard current.kind == .symbol(.leftParenthesis) else {
            return try node(.name(name, isRoot: isRoot), at: start..<token.range.upperBound)
        }
        let arguments = try arguments()
        return try node(
            .call(SyntaxTree.Name(text: name, range: token.range), arguments), at: start..<previousEnd)
    }

    private mutating func list() throws(SyntaxError) -> SyntaxTree.Index {
        let opening = current.range
        advance()
        var elements: [SyntaxTree.Index] = []
        if current.kind == .symbol(.comma), following?.kind == .symbol(.rightBracket) { advance() }
        while !take(.rightBracket) {
            elements.append(try expression())
            guard take(.comma) else {
                try expect(.rightBracket, closing: opening)
                break
            }
        }
        return try node(.list(elements), at: opening.lowerBound..<previousEnd)
    }

    private mutating func map() throws(SyntaxError) -> SyntaxTree.Index {
        let opening = current.range
        advance()
        var entries: [(key: SyntaxTree.Index, value: SyntaxTree.Index)] = []
        if current.kind == .symbol(.comma), following?.kind == .symbol(.rightBrace) { advance() }
        while !take(.rightBrace) {
            let key = try expression()
            try expect(.colon)
            entries.append((key, try expression()))
            guard take(.comma) else {
                try expect(.rightBrace, closing: opening)
                break
            }
        }
        return try node(.map(entries), at: opening.lowerBound..<previousEnd)
    }

    // MARK: - Nodes

    private mutating func node(_ kind: SyntaxTree.Kind, at range: Range<Int>) throws(SyntaxError) -> SyntaxTree.Index {
        try tree.append(kind, at: range)
    }

    /// A node from the start of `first` to the last word read.
    private mutating func node(
        _ kind: SyntaxTree.Kind, from first: SyntaxTree.Index
    ) throws(SyntaxError) -> SyntaxTree.Index {
        try tree.append(kind, at: tree[first].range.lowerBound..<previousEnd)
    }
}

extension Token {
    fileprivate var isQuotedName: Bool {
        if case .quotedName = kind { true } else { false }
    }

    /// Whether an operand can start with this word.
    fileprivate var startsValue: Bool {
        switch kind {
        case .symbol(.leftParenthesis), .symbol(.leftBrace), .symbol(.not): true
        case .symbol, .end: false
        case .identifier(let name): name != "in"
        default: true
        }
    }
}

extension String {
    /// The text of a range of UTF-8 offsets.
    func utf8Text(_ range: Range<Int>) -> String {
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(decoding: utf8[start...].prefix(range.count), as: UTF8.self)
    }
}

extension Diagnostic.Message {
    fileprivate static var empty: Self { Self("an expression is missing here") }
    fileprivate static func tooLong(_ length: Int) -> Self {
        Self("the expression has \(length) bytes; \(ExpressionLimits.length) are allowed")
    }
    fileprivate static func notClosed(_ opening: String, _ closing: String) -> Self {
        Self("'\(opening)' has no closing '\(closing)'")
    }
    fileprivate static var conditionalWithoutElse: Self { Self("'?' has no ':' with the value for otherwise") }
    fileprivate static var quotedMethod: Self { Self("a method's name stands without backticks") }
    fileprivate static var fieldIsNumber: Self { Self("a number is no name of a field") }
    fileprivate static func reservedWord(_ word: String) -> Self { Self("'\(word)' is a reserved word") }
}
