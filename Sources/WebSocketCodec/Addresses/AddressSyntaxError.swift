/// What is wrong with the text of an address.
package struct AddressSyntaxError: Error, Hashable, Sendable {
    /// One line, no final full stop.
    package let reason: String
    /// How to write it instead.
    package let help: String

    init(_ reason: String, help: String) {
        self.reason = reason
        self.help = help
    }
}
