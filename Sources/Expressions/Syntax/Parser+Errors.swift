import Diagnostics

/// Words that stand where the grammar has none of their kind, and what their authors most likely meant.
extension Parser {
    static let sizeHelp = "compute parts of it first, with 'let'"

    func unexpected(expected: String? = nil) -> SyntaxError {
        let token = current
        if case .identifier(let word) = token.kind {
            if word == "is", position + 1 < tokens.count, tokens[position + 1].kind == .identifier("not") {
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
        if token.kind == .end, position > 0, let expected {
            let last = tokens[position - 1]
            let word = text.text.utf8Text(last.range)
            return SyntaxError(
                .missing(expected, after: word), at: last.range, help: "complete the expression, or leave out '\(word)'"
            )
        }
        return SyntaxError(
            .unexpected(text.text.utf8Text(token.range), expected: expected), at: token.range,
            help: expected.map(help(expecting:)) ?? helpBehindValue)
    }

    /// Operators that other languages write as words.
    private static let wordOperators = [
        "and": "&&", "or": "||", "is": "==", "eq": "==", "equals": "==", "ne": "!=", "neq": "!=", "lt": "<",
        "lte": "<=",
        "le": "<=", "gt": ">", "gte": ">=", "ge": ">=", "mod": "%", "div": "/",
    ]

    /// How a test that other languages have as an operator between two values is called.
    private func methodHelp(_ word: String) -> String? {
        let foreign = ["includes": "contains", "has": "contains", "like": "contains", "starts_with": "startsWith"]
        let method = foreign[word] ?? word
        let target = lastOperand.map { text.text.utf8Text($0) } ?? "text"
        if method == "matches" {
            return "a later version of wsplan has \(target).matches('…'); until then: \(target).contains('…')"
        }
        guard let function = Function(rawValue: method), function.signature.form == .method else { return nil }
        return "write \(target).\(method)(…)"
    }

    /// What may be done about a word where something else is expected.
    private func help(expecting expected: String) -> String {
        switch current.kind {
        case .symbol(.slash): "a regular expression is a string: '…'"
        case .symbol(.comma): "leave out the ','"
        case _ where expected == "':'": "a map is written {'key': value}, a choice condition ? value : other"
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
            position > 0 && tokens[position - 1].kind == .symbol(.comma)
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
        case .symbol(.colon) where position + 1 < tokens.count && tokens[position + 1].kind == .symbol(.minus):
            "a value for otherwise is written has(a.b) ? a.b : other"
        case .symbol(.colon): "a map is written {'key': value}, a choice condition ? value : other"
        case .symbol(.leftBrace): "the map of a message or a type is not written here; a map is {'key': value}"
        case .symbol(.not): "'!' stands before what it negates; unequal is !="
        default: "an operator is missing before it; a text stands in quotes"
        }
    }

    /// Whether the current comma stands between two numbers, without a space.
    private var isDecimalComma: Bool {
        guard position > 0, position + 1 < tokens.count, case .int = tokens[position - 1].kind,
            case .int = tokens[position + 1].kind
        else { return false }
        return tokens[position + 1].range.lowerBound == current.range.upperBound
    }

    /// The text with what has to be closed closed at its end; nil where that would be too long to show.
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
        return text.text + open.reversed().joined()
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
        Self("unexpected '\(found)'" + (expected.map { ", \($0) should stand here" } ?? ""))
    }
    fileprivate static func missing(_ expected: String, after last: String) -> Self {
        Self("\(expected) is missing after '\(last)'")
    }
}
