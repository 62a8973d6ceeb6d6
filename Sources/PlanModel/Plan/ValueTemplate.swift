package import Diagnostics
package import Expressions

/// A value that keeps its type: literals as YAML or JSON wrote them, with templates in the place of text.
/// `vars`, `send: {json: …}` and lists and maps in the place of an expression hold such values.
package struct ValueTemplate: Sendable {
    package indirect enum Content: Sendable {
        case null
        case bool(Bool)
        case number(Number)
        /// A scalar that is one single `${…}` keeps the type of its expression; any other gives text.
        case template(ParsedTemplate)
        case list([ValueTemplate])
        /// In the order written, no key twice.
        case map([Entry])
        /// What could not be read, which is reported: it may have been meant as any value.
        case unreadable
    }

    package struct Entry: Sendable {
        package var key: Located<String>
        package var value: ValueTemplate

        package init(key: Located<String>, value: ValueTemplate) {
            self.key = key
            self.value = value
        }
    }

    /// A number, and the digits that JSON sends for it.
    package struct Number: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            case int(Int64)
            case double(Double)
        }

        package var value: Value
        /// As written wherever that is JSON; YAML's other notations (`0x1F`, `.5`, `+1`) are turned into it. Infinity and
        /// NaN have no JSON: it is nil.
        package var json: String?

        package init(value: Value, json: String?) {
            self.value = value
            self.json = json
        }
    }

    package var content: Content
    package var span: SourceSpan

    package init(_ content: Content, at span: SourceSpan) {
        self.content = content
        self.span = span
    }
}
