package import Diagnostics
package import Expressions

extension Connect {
    /// A cookie of the author's own (RFC 6265 §4.2), evaluated for each session.
    package struct Cookie: Sendable {
        package var name: Located<String>
        package var value: ParsedTemplate

        package init(name: Located<String>, value: ParsedTemplate) {
            self.name = name
            self.value = value
        }
    }
}
