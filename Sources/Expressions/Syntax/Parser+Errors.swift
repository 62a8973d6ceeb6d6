import Diagnostics

/// Words that stand where the grammar has none of their kind, and what their authors most likely meant.
extension Parser {
    static let sizeHelp = "compute parts of it first, with 'let'"

    func unexpected(expected: String? = nil) -> SyntaxError {
        let token = current
        if case .identifier(let word) = token.kind {
            if word == "is", following?.kind == .identifier("not") {
                return SyntaxError(.wordOperator(word), at: token.range, help: "use !=")
            }
            if let symbol = Self.wordOperators[word.lowercased()] {
                return SyntaxError(.wordOperator(word), at: token.range, help: "use \(symbol)")
            }
            if word.lowercased() == "not" {
                return SyntaxError(.wordOperator(word), at: token.range, help: "use !, as in !(a in b)")
            }
            if expected == nil, let help = methodHelp(word) {
                return SyntaxError(.wordOperator(word), at: token.range, help: help)
            }
        }
        if token.kind == .end, let last = previous, let expected {
            let isCountingDown = last.kind == .symbol(.minus) && text.text.hasSuffix("--")
            return SyntaxError(
                .missing(expected, after: shown(last)), at: last.range,
                help: isCountingDown
                    ? "set: {variable: variable - 1} counts down"
                    : "complete the expression, or leave out \(shown(last))")
        }
        return SyntaxError(
            .unexpected(shown(token), expected: expected), at: token.range,
            help: expected.map(help(expecting:)) ?? helpBehindValue)
    }

    static let backtickHelp = "a field between backticks stands behind a dot: x.`a-b`"

    private var previous: Token? { position > 0 ? tokens[position - 1] : nil }

    var following: Token? { position + 1 < tokens.count ? tokens[position + 1] : nil }

    /// A word as it was written, or what it is where that is long.
    private func shown(_ token: Token) -> String {
        token.range.count > 40 || token.kind == .end ? token.kind.inWords : "'\(text.text.utf8Text(token.range))'"
    }

    /// Operators that other languages write as words.
    private static let wordOperators = [
        "and": "&&", "or": "||", "is": "==", "eq": "==", "equals": "==", "ne": "!=", "neq": "!=", "lt": "<",
        "lte": "<=", "le": "<=", "gt": ">", "gte": ">=", "ge": ">=", "mod": "%", "div": "/",
    ]

    /// How a test that other languages have as an operator between two values is called.
    private func methodHelp(_ word: String) -> String? {
        let foreign = ["includes": "contains", "has": "contains", "like": "contains", "starts_with": "startsWith"]
        let method = foreign[word] ?? word
        let target = lastOperand.flatMap { $0.count <= 40 ? text.text.utf8Text($0) : nil } ?? "text"
        guard let function = Function(rawValue: method), function.signature.form != .global else { return nil }
        return "write \(target).\(method)(…)"
    }

    /// What may be done about a word where something else is expected.
    private func help(expecting expected: String) -> String {
        switch current.kind {
        case .symbol(.leftBracket) where previous?.kind == .symbol(.dot): "leave out the '.' before it"
        case .symbol(.times) where previous?.kind == .symbol(.dot) || previous?.kind == .symbol(.leftBracket):
            "all elements are reached by list.all(x, …), list.exists(x, …) and list.map(x, …)"
        case .symbol(.colon) where expected == "']'": "a part of a text is text.substring(start, end)"
        case .symbol(.colon): "a map is written {'key': value}, a choice condition ? value : other"
        case .symbol(.slash): "a regular expression is a string: '…'"
        case .symbol(.comma): "leave out the ','"
        case _ where expected == "':'": "a map is written {'key': value}, a choice condition ? value : other"
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
            previous?.kind == .symbol(.comma)
                ? "write \(expected) before it, or leave out the ','" : "write \(expected) before it"
        case .symbol: "write \(expected) before it, or leave it out"
        default: "write \(expected) before it"
        }
    }

    /// What may be done about a word behind a whole expression.
    private var helpBehindValue: String {
        switch current.kind {
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
            "it closes nothing: leave it out"
        case .symbol(.comma) where isDecimalComma: "the decimal point is '.'"
        case .symbol(.comma): "a list is written [a, b]"
        case .symbol(.colon) where following?.kind == .symbol(.minus):
            "a value for otherwise is written has(a.b) ? a.b : other"
        case .symbol(.colon): "a map is written {'key': value}, a choice condition ? value : other"
        case .symbol(.leftBrace): "the map of a message or a type is not written here; a map is {'key': value}"
        case .symbol(.not): "'!' stands before what it negates; unequal is !="
        case _ where previous.map { Self.foreignKeywords.contains($0.kind) } == true: "leave out the word before it"
        default: "an operator is missing before it; a text stands in quotes"
        }
    }

    /// Words that other languages write before a value.
    private static let foreignKeywords: [Token.Kind] = ["new", "typeof", "await", "delete"].map { .identifier($0) }

    /// Whether the current comma stands between two numbers, without a space.
    private var isDecimalComma: Bool {
        guard case .int? = previous?.kind, let following, case .int = following.kind else { return false }
        return following.range.lowerBound == current.range.upperBound
    }

    /// The text with what has to be closed closed at its end; nil where that is too long to show, or wrong in
    /// another way too.
    var closed: String? {
        guard text.text.utf8.count <= 60, !text.text.contains("\n") else { return nil }
        var open: [String] = []
        for token in tokens {
            switch token.kind {
            case .symbol(.leftParenthesis): open.append(")")
            case .symbol(.leftBracket): open.append("]")
            case .symbol(.leftBrace): open.append("}")
            case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace): _ = open.popLast()
            default: break
            }
        }
        let closed = text.text + open.reversed().joined()
        var parser = Parser(LocatedText(closed, at: text.span))
        return open.isEmpty || (try? parser.parse()) == nil ? nil : closed
    }

    static func reservedWordHelp(_ word: String) -> String {
        switch word {
        case "if", "else": "write condition ? value : other"
        case "return": "an expression is its value: leave out 'return'"
        case "let", "var", "const": "the step 'let' makes variables"
        case "for", "while", "loop":
            "the steps 'for', 'while' and 'repeat' make loops; lists have map, filter, all and exists"
        case "function": "the macros of lists name their variable: list.map(x, x + 1)"
        default: "choose another name; a field of this name is x[\"\(word)\"]"
        }
    }
}

extension Diagnostic.Message {
    static func wordOperator(_ word: String) -> Self { Self("'\(word)' is no operator of expressions") }
    fileprivate static func unexpected(_ found: String, expected: String?) -> Self {
        Self("unexpected \(found)" + (expected.map { ", \($0) should stand here" } ?? ""))
    }
    fileprivate static func missing(_ expected: String, after last: String) -> Self {
        Self("\(expected) is missing after \(last)")
    }
}
