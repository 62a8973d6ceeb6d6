/// One word of an expression.
struct Token {
    enum Kind: Equatable {
        /// Digits without their sign, which decides about the range.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case identifier(String)
        /// A field's name between backticks, which may be none that an identifier is: `` `a-b` ``.
        case quotedName(String)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, CaseIterable {
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case slash = "/"
        case percent = "%"
        case not = "!"
        case question = "?"
        case colon = ":"
        case comma = ","
        case dot = "."
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
    }

    var kind: Kind
    /// UTF-8 offsets into the text.
    var range: Range<Int>
}

extension Token.Kind {
    /// For `unexpected …` and `… expected`.
    var inWords: String {
        switch self {
        case .int, .uint, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .identifier(let name): "'\(name)'"
        case .quotedName(let name): "`\(name)`"
        case .symbol(let symbol): "'\(symbol.rawValue)'"
        case .end: "the end of the expression"
        }
    }
}
