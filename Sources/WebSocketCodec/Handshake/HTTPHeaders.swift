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
///
/// Every session looks for half a dozen of them: nothing is allocated for what is not there, or there once.
package struct HTTPHeaders: Hashable, Sendable {
    package var fields: [HTTPHeaderField]

    package init(_ fields: [HTTPHeaderField] = []) {
        self.fields = fields
    }

    /// The values of every line with this name.
    package func values(of name: String) -> [String] {
        var values: [String] = []
        for field in fields where equalIgnoringASCIICase(field.name, name) { values.append(field.value) }
        return values
    }

    /// The value of this name, lines that repeat it joined by commas (RFC 9110 §5.3); `nil` where there is none.
    package subscript(name: String) -> String? {
        var joined: String?
        for field in fields where equalIgnoringASCIICase(field.name, name) {
            joined = joined.map { $0 + ", " + field.value } ?? field.value
        }
        return joined
    }

    /// Whether a comma-separated list over all lines with this name has an element, in whatever case.
    func lists(_ element: String, under name: String) -> Bool {
        // Mostly it is all that a line says.
        fields.contains { equalIgnoringASCIICase($0.name, name) && equalIgnoringASCIICase($0.value, element) }
            || listElements(of: name).contains { equalIgnoringASCIICase($0, element) }
    }

    /// The elements of a comma-separated list over all lines with this name, without empty ones (RFC 9110 §5.6.1).
    func listElements(of name: String) -> [String] {
        values(of: name).flatMap { value in
            Array(value.utf8).split(separator: UInt8(ascii: ",")).map(trimmedText).filter { !$0.isEmpty }
        }
    }
}
