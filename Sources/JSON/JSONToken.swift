/// One step through a document: what stands there, and where. ``JSONScanner/string(_:)`` and
/// ``JSONScanner/number(_:)`` give its value.
package struct JSONToken: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case beginObject
        case endObject
        case beginArray
        case endArray
        /// The name of an object's member. Its value is the next token.
        case key
        case string
        case number
        case `true`
        case `false`
        case null
    }

    package var kind: Kind
    /// Byte offsets into what is scanned, quotes included. From ``JSONScanner/skip(restOf:)`` and
    /// ``JSONScanner/find(_:in:loneSurrogates:)`` a token of kind `beginObject` or `beginArray` spans the whole container.
    package var range: Range<Int>
    /// Whether a string or key contains a backslash, so that its text is not its bytes.
    package var hasEscapes: Bool

    package init(_ kind: Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.range = range
        self.hasEscapes = hasEscapes
    }
}

/// A JSON number: an integer when written without fraction and exponent and 64 bits hold it, else a double.
package enum JSONNumber: Hashable, Sendable {
    /// `-0` is 0.
    case int(Int64)
    /// Correctly rounded; infinite where the number is beyond a double's range.
    case double(Double)
}
