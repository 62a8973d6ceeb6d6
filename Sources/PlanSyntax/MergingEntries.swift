import Diagnostics

/// The entries of a mapping with merge keys (`<<`): what is written in the mapping itself wins over what is merged, and
/// of several merged mappings the earlier one. Merged entries stand where the merge key does.
struct MergingEntries {
    private enum Item {
        case own(PlanNode.Entry)
        case merged(PlanNode.Entry)
    }

    private var items: [Item] = []
    private var mergeKey: LocatedText?

    mutating func append(_ entry: PlanNode.Entry) { items.append(.own(entry)) }

    /// Takes over what `<<` names: a mapping or a list of mappings. The answer says if it is something else.
    mutating func merge(_ value: PlanNode, key: LocatedText) -> Diagnostic? {
        if let first = mergeKey {
            return Diagnostic(
                .duplicateKey, .secondMerge, at: key.span,
                help: "merge several mappings with a list: '<<: [*first, *second]'",
                notes: [Diagnostic.Note("the first one", at: first.span)])
        }
        mergeKey = key
        for source in value.sequence ?? [value] {
            guard let entries = source.mapping else {
                return Diagnostic(.unusableMerge, .unusableMerge(source.kindInWords), at: key.span)
            }
            items += entries.map(Item.merged)
        }
        return nil
    }

    /// All entries, and a diagnostic for each key that the mapping itself has twice.
    func merged() -> (entries: [PlanNode.Entry], duplicates: [Diagnostic]) {
        var own = UniqueEntries()
        var duplicates: [Diagnostic] = []
        for case .own(let entry) in items {
            if let duplicate = own.append(entry) { duplicates.append(duplicate) }
        }
        guard mergeKey != nil else { return (own.all, duplicates) }
        var all = UniqueEntries()
        for item in items {
            switch item {
            case .own(let entry): _ = all.append(entry)
            case .merged(let entry): if !own.contains(entry.key) { _ = all.append(entry) }
            }
        }
        return (all.all, duplicates)
    }
}

extension Diagnostic.Message {
    fileprivate static var secondMerge: Self { Self("this mapping has a merge key '<<' already") }

    fileprivate static func unusableMerge(_ kind: String) -> Self {
        Self("'<<' merges a mapping or a list of mappings; here it is \(kind)")
    }
}
