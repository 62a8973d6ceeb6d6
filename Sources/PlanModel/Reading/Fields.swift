import Diagnostics
import PlanSyntax

/// The entries of a mapping whose keys the language names.
struct Fields {
    private(set) var entries: [PlanNode.Entry]
    var span: SourceSpan
    /// Whether no entry may be missing.
    let isComplete: Bool
    /// The entries with misspelt keys, under the keys that are probably meant.
    private var misspelt: [String: PlanNode.Entry] = [:]
    /// Keys in whose place another one stands, which is reported.
    private var displaced: Set<String> = []

    init(_ entries: [PlanNode.Entry], at span: SourceSpan, isComplete: Bool) {
        self.entries = entries
        self.span = span
        self.isComplete = isComplete
    }

    subscript(name: String) -> PlanNode? { entry(name)?.value }

    /// The entry of a key, or one whose key is a misspelt form of it: what is wrong with its value is to be said as well,
    /// and what it declares is there.
    func entry(_ name: String) -> PlanNode.Entry? { entries.first { $0.key.text == name } ?? misspelt[name] }

    /// Every entry of a key that stands there more than once, which is reported; or the one whose key is misspelt.
    func all(_ name: String) -> [PlanNode.Entry] {
        entries.filter { $0.key.text == name } + [misspelt[name]].compactMap(\.self)
    }

    /// Takes an entry for that of the key `name`. False where that is there already.
    mutating func adopt(_ entry: PlanNode.Entry, as name: String) -> Bool {
        guard self.entry(name) == nil else { return false }
        misspelt[name] = entry
        return true
    }

    /// Adds an entry that stood somewhere else.
    mutating func append(_ entry: PlanNode.Entry) { entries.append(entry) }

    /// Takes out an entry that belongs somewhere else.
    mutating func remove(_ entry: PlanNode.Entry) { entries.removeAll { $0.key.span == entry.key.span } }

    /// Gives the key `name` another value, if it is there.
    mutating func replaceValue(of name: String, with value: PlanNode) {
        if let index = entries.firstIndex(where: { $0.key.text == name }) {
            entries[index].value = value
        } else {
            misspelt[name]?.value = value
        }
    }

    /// Whether a key is missing for no reason that is reported already.
    func lacks(_ name: String) -> Bool { isComplete && entry(name) == nil && !displaced.contains(name) }

    /// Notes that a key that is reported stands in the place of `name`.
    mutating func excuse(_ name: String) { displaced.insert(name) }
}
