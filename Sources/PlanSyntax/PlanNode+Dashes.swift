import Diagnostics

extension PlanNode {
    /// The elements of the list that a mapping is meant to be, of whose keys some begin with a dash that has no space behind
    /// it: each of those begins an element.
    package var elementsAtDashes: [PlanNode] {
        var elements: [[Entry]] = []
        for entry in mapping ?? [] {
            let count = entry.key.text.utf8.count
            if entry.key.text.utf8.first == UInt8(ascii: "-"), count > 1 {
                elements.append([Entry(key: entry.key.slice(1..<count), value: entry.value)])
            } else if !elements.isEmpty {
                elements[elements.count - 1].append(entry)
            }
        }
        return elements.map { entries in
            PlanNode(.mapping(entries), at: entries.reduce(entries[0].key.span) { $0.union($1.value.span) })
        }
    }

    /// What a mapping was meant to be in which keys look like elements of lists, and these keys: a list, if all do and one
    /// stands there twice; else they are a list where they follow a key without a value. Nil where there is no such key.
    func withListsAtDashes(where isElement: (LocatedText) -> Bool) -> (content: Content, keys: [LocatedText])? {
        guard let entries = mapping, entries.contains(where: { isElement($0.key) }) else { return nil }
        let keys = entries.map(\.key)
        if keys.allSatisfy(isElement) {
            return Set(keys.map(\.text)).count < keys.count ? (.sequence(elementsAtDashes), keys) : nil
        }
        var kept: [Entry] = []
        var listed: [Entry] = []
        var found: [LocatedText] = []
        for entry in entries {
            if isElement(entry.key), !listed.isEmpty || kept.last?.hasNoValue ?? false {
                listed.append(entry)
                found.append(entry.key)
            } else {
                kept.giveLast(listed)
                listed = []
                kept.append(entry)
            }
        }
        kept.giveLast(listed)
        return found.isEmpty ? nil : (.mapping(kept), found)
    }
}

extension PlanNode.Entry {
    /// Whether nothing at all stands behind the key.
    fileprivate var hasNoValue: Bool { value.isNull && value.span.range.isEmpty }
}

extension [PlanNode.Entry] {
    /// Makes the last entry the owner of the list that entries behind it are meant to be.
    fileprivate mutating func giveLast(_ listed: [PlanNode.Entry]) {
        guard let first = listed.first, let last = listed.last, let owner = indices.last else { return }
        let span = first.key.span.union(last.value.span)
        self[owner].value = PlanNode(.sequence(PlanNode(.mapping(listed), at: span).elementsAtDashes), at: span)
    }
}
