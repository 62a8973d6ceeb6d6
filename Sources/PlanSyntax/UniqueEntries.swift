import Diagnostics

/// The entries of a mapping in the order written, with no key twice. Keys are compared as UTF-8 bytes.
struct UniqueEntries {
    private(set) var all: [PlanNode.Entry] = []
    private var indices: [[UInt8]: Int] = [:]

    func contains(_ key: LocatedText) -> Bool { indices[Array(key.text.utf8)] != nil }

    /// Adds an entry; of a key that is there already the first value stays, and the answer says so.
    mutating func append(_ entry: PlanNode.Entry) -> Diagnostic? {
        let key = Array(entry.key.text.utf8)
        if let index = indices[key] {
            return Diagnostic(
                .duplicateKey, .duplicateKey(entry.key.text), at: entry.key.span,
                notes: [Diagnostic.Note("it stands here already", at: all[index].key.span)])
        }
        indices[key] = all.count
        all.append(entry)
        return nil
    }
}

extension Diagnostic.Message {
    fileprivate static func duplicateKey(_ key: String) -> Self {
        Self("the key '\(abbreviated(key))' is written twice in this mapping")
    }
}
