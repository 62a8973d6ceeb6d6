import Diagnostics

extension PlanNode {
    /// The elements of the list that a mapping is meant to be, of whose keys some begin with a dash that has no space behind
    /// it: each of those begins an element.
    package var elementsAtDashes: [PlanNode] {
        var elements: [PlanNode] = []
        for entry in mapping ?? [] {
            let count = entry.key.text.utf8.count
            guard entry.key.text.utf8.first == UInt8(ascii: "-"), count > 1 else {
                if let last = elements.popLast() { elements.append(last.adding(entry)) }
                continue
            }
            let key = entry.key.slice(1..<count)
            elements.append(PlanNode(.mapping([]), at: key.span).adding(Entry(key: key, value: entry.value)))
        }
        return elements
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

    private func adding(_ entry: Entry) -> PlanNode {
        PlanNode(.mapping((mapping ?? []) + [entry]), at: span.union(entry.value.span), isComplete: isComplete)
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
