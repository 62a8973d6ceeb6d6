/// One line of an HTTP head.
package struct HTTPHeaderField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The header lines of a request or an answer, in the order they came, repetitions included. Names compare without
/// regard to the case of ASCII letters (RFC 9110 §5.1).
package struct HTTPHeaders: Hashable, Sendable {
    package var fields: [HTTPHeaderField]

    package init(_ fields: [HTTPHeaderField] = []) {
        self.fields = fields
    }

    /// The values of every line with this name.
    package func values(of name: String) -> [String] {
        fields.filter { equalIgnoringASCIICase($0.name, name) }.map(\.value)
    }

    /// The value of this name, lines that repeat it joined by commas (RFC 9110 §5.3); `nil` where there is none.
    package subscript(name: String) -> String? {
        let values = values(of: name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The elements of a comma-separated list over all lines with this name, without empty ones (RFC 9110 §5.6.1).
    func listElements(of name: String) -> [String] {
        values(of: name).flatMap { value in
            Array(value.utf8).split(separator: UInt8(ascii: ",")).map(trimmedText).filter { !$0.isEmpty }
        }
    }
}
