import Diagnostics

/// The entries of a mapping with merge keys (`<<`): what is written in the mapping itself wins over what is merged, and
/// of several merged mappings the earlier one. Merged entries stand where the merge key does.
struct MergingEntries {
    private enum Item {
        case own(PlanNode.Entry)
        case merged(PlanNode.Entry)
    }

    private var items: [Item] = []
    private var ownKeys = UniqueKeys()
    private var mergeKey: LocatedText?
    /// Whether there is nothing that cannot be read in what is merged.
    private(set) var isComplete = true

    /// Adds what is written in the mapping itself. The answer says if the key is there already.
    mutating func append(_ entry: PlanNode.Entry) -> Diagnostic? {
        items.append(.own(entry))
        return ownKeys.insert(entry.key)
    }

    /// Takes over what `<<` names: a mapping or a list of mappings. The answer says if it is something else.
    mutating func merge(_ value: PlanNode, key: LocatedText) -> Diagnostic? {
        var diagnostic: Diagnostic?
        if let first = mergeKey {
            diagnostic = Diagnostic(
                .duplicateKey, .secondMerge, at: key.span,
                help: "merge several mappings with a list: '<<: [*first, *second]'",
                notes: [Diagnostic.Note("the first one", at: first.span)])
        }
        mergeKey = mergeKey ?? key
        if !value.isComplete { isComplete = false }
        for source in value.sequence ?? [value] {
            if let entries = source.mapping { items += entries.map(Item.merged) }
            if source.mapping != nil, source.isComplete { continue }
            isComplete = false
            guard source.mapping == nil, !source.isUnreadable, diagnostic == nil else { continue }
            diagnostic = Diagnostic(
                .unusableMerge, .unusableMerge(source.kindInWords), at: key.span,
                help: "mark a mapping with '&common', and merge it with '<<: *common'")
        }
        return diagnostic
    }

    /// All entries, those of the mapping itself even where they have one key twice.
    func merged() -> [PlanNode.Entry] {
        var mergedKeys = UniqueKeys()
        return items.compactMap { item in
            switch item {
            case .own(let entry): entry
            case .merged(let entry):
                ownKeys.contains(entry.key) || mergedKeys.insert(entry.key) != nil ? nil : entry
            }
        }
    }
}

extension Diagnostic.Message {
    fileprivate static var secondMerge: Self { Self("this mapping has a merge key '<<' already") }

    fileprivate static func unusableMerge(_ kind: String) -> Self {
        Self("'<<' merges a mapping or a list of mappings; here it is \(kind)")
    }
}
