/// Why the opening handshake failed (RFC 6455 §4.1); the `error.kind` of a plan is `handshake`.
package struct HandshakeError: Error, Hashable, Sendable {
    /// What went wrong in words, with the offending header and the value seen: one line, no final full stop.
    package let reason: String
}

/// `text` as words about what a peer sent may show it: in quotes, on one line, at most 80 characters of it. Reports make
/// all else safe for a terminal; here it is only lines that must not break.
func quoted(_ text: String) -> String {
    var shown = "'"
    for scalar in text.unicodeScalars.prefix(80) {
        switch scalar {
        case "\r": shown += "\\r"
        case "\n": shown += "\\n"
        case "\t": shown += "\\t"
        default:
            if scalar.properties.generalCategory == .control {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
    }
    return shown + (text.unicodeScalars.count > 80 ? "…'" : "'")
}
