/// A way into a document, `.a.b[0]`.
package enum JSONPathStep: Hashable, Sendable {
    /// The member of an object with this name, compared as UTF-8 after its escapes are decoded.
    case key([UInt8])
    /// The element of an array, from 0.
    case index(Int)

    package static func key(_ name: String) -> JSONPathStep { .key(Array(name.utf8)) }
}

/// What stands at a path.
package enum JSONLookup: Hashable, Sendable {
    /// The value; of a container the token spans it whole.
    case found(JSONToken)
    /// The path ends before its step number `step` (from 0): the value there is a `parent`, and has no such member.
    case missing(step: Int, parent: JSONToken.Kind)
}
