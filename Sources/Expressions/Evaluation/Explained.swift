package import Diagnostics
import JSON

/// A part of an expression and what it was, to show beside a condition that did not hold.
package struct Explained: Hashable, Sendable {
    /// The part as the author wrote it.
    package var source: String
    package var span: SourceSpan
    /// Its value as text, abridged; or why it has none.
    package var value: String
    /// How many of the parts listed before it it is a part of.
    package var depth: Int
}

extension Value {
    /// Scalars of a text that are shown of its beginning and of its end, where it is longer than both.
    private static let headLength = 120
    private static let tailLength = 40

    /// For people: as JSON. Of what is long the beginning, the end and the size. Secrets are masked before anything is
    /// quoted or left out.
    func abridged(masking secrets: SecretMask) -> String {
        switch self {
        case .string(let text):
            Self.abridged(secrets.masked(text), "\(text.unicodeScalars.count) characters") { part in
                var writer = JSONWriter()
                writer.string(part)
                return String(writer.text.dropFirst().dropLast())
            } around: {
                "\"\($0)\""
            }
        case .list(let elements): abridgedJSON("a list of \(elements.count)", masking: secrets)
        case .map(let map): abridgedJSON("a map of \(map.entries.count)", masking: secrets)
        default: shown(masking: secrets)
        }
    }

    private func abridgedJSON(_ size: String, masking secrets: SecretMask) -> String {
        var writer = JSONWriter()
        guard write(to: &writer) else { return shown(masking: secrets) }
        return Self.abridged(secrets.masked(writer.text), size, of: { $0 }, around: { $0 })
    }

    private static func abridged(
        _ text: String, _ size: String, of written: (String) -> String, around whole: (String) -> String
    ) -> String {
        let scalars = text.unicodeScalars
        guard
            let headEnd = scalars.index(scalars.startIndex, offsetBy: headLength, limitedBy: scalars.endIndex),
            let tailStart = scalars.index(scalars.endIndex, offsetBy: -tailLength, limitedBy: headEnd),
            tailStart > headEnd
        else { return whole(written(text)) }
        let (head, tail) = (written(String(scalars[..<headEnd])), written(String(scalars[tailStart...])))
        return whole("\(head) … \(tail)") + " (\(size))"
    }
}
