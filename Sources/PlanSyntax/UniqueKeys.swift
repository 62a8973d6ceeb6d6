import Diagnostics

/// The keys of one mapping, compared as UTF-8 bytes.
struct UniqueKeys {
    private var keys: [[UInt8]: LocatedText] = [:]

    func contains(_ key: LocatedText) -> Bool { keys[Array(key.text.utf8)] != nil }

    /// Notes a key, and says if it is there already.
    mutating func insert(_ key: LocatedText) -> Diagnostic? {
        let bytes = Array(key.text.utf8)
        if let first = keys[bytes] {
            return Diagnostic(
                .duplicateKey, .duplicateKey(key.text), at: key.span,
                notes: [Diagnostic.Note("it stands here already", at: first.span)])
        }
        keys[bytes] = key
        return nil
    }
}

extension Diagnostic.Message {
    fileprivate static func duplicateKey(_ key: String) -> Self {
        Self("the key '\(abbreviated(key))' is written twice in this mapping")
    }
}
