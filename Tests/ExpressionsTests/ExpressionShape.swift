import Expressions

/// What is left of an expression and its outcome when names and values are taken out of it: operators, functions and facts,
/// the types of variables, how literals are written and what kinds of characters are in them, and the kind of the outcome.
struct ExpressionShape: Hashable, CustomStringConvertible {
    var description: String

    init(_ expressionCase: ExpressionCase) {
        var reader = ShapeReader(expressionCase.expression)
        let message =
            expressionCase.message.map { (expressionCase.isBinary ? "binary " : "text ") + Self.kind(ofMessage: $0) }
            ?? "no message"
        description = "\(reader.words().joined(separator: " ")) => \(Self.kind(of: expressionCase.outcome)), \(message)"
    }

    private static func kind(ofMessage bytes: [UInt8]) -> String {
        var reader = ShapeReader(String(decoding: bytes, as: UTF8.self))
        return reader.content(until: "")
    }

    /// The type of a value, and which of the two bools; the words of an error without values.
    private static func kind(of outcome: String) -> String {
        switch outcome.first {
        case "\"": return "string"
        case "[": return "list"
        case "{": return "map"
        case "b" where outcome.hasPrefix("b\""): return "bytes"
        case "-" where outcome != "-inf", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9":
            return outcome.hasSuffix("u") ? "uint" : outcome.contains(".") ? "double" : "int"
        default:
            var reader = ShapeReader(outcome)
            return reader.words().joined(separator: " ")
        }
    }
}

/// Cuts the text of an expression into words, without asking whether it is one.
private struct ShapeReader {
    private let characters: [Unicode.Scalar]
    private var place = 0
    private var previous = ""

    init(_ text: String) { characters = Array(text.unicodeScalars) }

    private var current: Unicode.Scalar? { place < characters.count ? characters[place] : nil }

    private func starts(with text: String) -> Bool { characters[place...].starts(with: text.unicodeScalars) }

    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        var text = ""
        while let scalar = current, condition(scalar) {
            text.unicodeScalars.append(scalar)
            place += 1
        }
        return text
    }

    mutating func words() -> [String] {
        var words: [String] = []
        while let scalar = current {
            if scalar == " " || scalar == "\n" {
                place += 1
            } else {
                previous = starts(with: "//") ? take { $0 != "\n" } : next(scalar)
                words.append(previous)
            }
        }
        return words
    }

    private mutating func next(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "0"..."9": return number()
        case "'", "\"": return string()
        case "a"..."z", "A"..."Z", "_": return word()
        default:
            place += 1
            return String(scalar)
        }
    }

    /// `012`, `0x`, and a number by where it lies: small, or beyond what a double tells apart.
    private mutating func number() -> String {
        let digits = take { $0.properties.isASCIIHexDigit || "xXuU.".unicodeScalars.contains($0) }
        let form = digits.lowercased()
        if form.hasPrefix("0x") {
            let size = form == "0x0" ? "0" : form.count < 16 ? "1" : "2^63"
            return digits.prefix(2) + size + (form.hasSuffix("u") ? "u" : "")
        }
        let suffix = form.hasSuffix("u") ? "u" : form.contains("e") ? "e" : form.contains(".") ? ".0" : ""
        let value = Double(form.prefix { $0 != "u" }) ?? 0
        let size = value == 0 ? "0" : value < 1 ? "fraction" : value < 9e15 ? "1" : value < 9.2e18 ? "2^53" : "2^63"
        return (form.count > 1 && form.hasPrefix("0") && !form.contains(".") ? "0" : "") + size + suffix
    }

    private mutating func string() -> String {
        guard let quote = current.map(String.init) else { return "" }
        let mark = starts(with: quote + quote + quote) ? quote + quote + quote : quote
        place += mark.unicodeScalars.count
        defer { place += mark.unicodeScalars.count }
        return mark + content(until: mark) + mark
    }

    /// Runs of letters as `a`, of digits as `0`, and long ones as such; other characters by the plane they are in; the rest as
    /// it is.
    mutating func content(until mark: String) -> String {
        var text = ""
        var runLength = 0
        while let scalar = current, mark.isEmpty || !starts(with: mark) {
            place += 1
            var kind = String(scalar)
            switch scalar {
            case "\\" where current != nil && previous.lowercased().last != "r":
                kind = "\\\(characters[place])"
                place += 1
            case "a"..."z", "A"..."Z": kind = "a"
            case "0"..."9": kind = "0"
            case "\u{300}"..."\u{36F}": kind = "combining"
            case _ where scalar.value > 0xFFFF: kind = "astral"
            case _ where scalar.value > 0x7F: kind = "bmp"
            default: break
            }
            runLength = text.hasSuffix(kind) ? runLength + 1 : 1
            if runLength == 1 { text += kind } else if runLength == 16 { text += "…" + kind }
        }
        return text
    }

    /// A function, macro, fact or prefix of a string by its name, a variable by its type, what a macro binds as `x`.
    private mutating func word() -> String {
        let name = take { $0 == "_" || $0.properties.isASCIIHexDigit || ("a"..."z") ~= $0 || ("A"..."Z") ~= $0 }
        if let scalar = current, scalar == "(" || scalar == "." || scalar == "'" || scalar == "\"" {
            if TestWorld.variables.allSatisfy({ $0.name != name }) {
                return name.count > 1 || scalar != "." ? name : "x"
            }
        }
        if Self.constants.contains(name) || Self.facts.contains(name) { return name }
        if let variable = TestWorld.variables.first(where: { $0.name == name }), previous != "." {
            return "\(variable.value.type)"
        }
        return previous == "." ? "field" : "x"
    }

    private static let constants: Set = ["true", "false", "null", "in", "inf", "nan", "error", "invalid"]
    private static let facts: Set = [
        "id", "iteration", "scenario", "url", "status", "subprotocol", "text", "data", "bytes", "json", "size",
        "binary",
        "kind", "message", "code", "reason", "by",
    ]
}
