import Diagnostics

/// Writes XML 1.0 into bytes, a line for each tag. Names of elements and attributes are the program's own; values may be
/// anybody's text.
///
/// A character that XML cannot hold (XML 1.0 §2.2), or that nobody would see, is written as `\u{1B}`: there is no escape
/// for it that a parser would take.
struct XMLWriter {
    typealias Attribute = (name: StaticString, value: String)

    private(set) var bytes = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8) + [UInt8(ascii: "\n")]
    private var depth = 0

    /// An element of other elements, which `content` writes.
    mutating func element(
        _ name: StaticString, _ attributes: [Attribute] = [], content: (inout XMLWriter) -> Void
    ) {
        open(name, attributes, ">\n")
        depth += 1
        content(&self)
        depth -= 1
        indent()
        append("</\(name)>\n")
    }

    /// An element of text alone, whose white space is kept.
    mutating func element(_ name: StaticString, _ attributes: [Attribute] = [], text: String = "") {
        guard !text.isEmpty else { return open(name, attributes, "/>\n") }
        open(name, attributes, ">")
        append(Self.escaped(text, keepingLines: true))
        append("</\(name)>\n")
    }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute], _ end: String) {
        indent()
        append("<\(name)")
        for attribute in attributes {
            append(" \(attribute.name)=\"\(Self.escaped(attribute.value, keepingLines: false))\"")
        }
        append(end)
    }

    private mutating func indent() { bytes += Array(repeating: UInt8(ascii: " "), count: 2 * depth) }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    /// - Parameter keepingLines: in an attribute, a parser would make spaces of line breaks and tabs (XML 1.0 §3.3.3).
    private static func escaped(_ text: String, keepingLines: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += keepingLines ? String(scalar) : scalar.escapedForDisplay
            default: result += scalar.escapedForDisplay
            }
        }
        return result
    }
}
