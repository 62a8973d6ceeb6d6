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

    private func adding(_ entry: Entry) -> PlanNode {
        PlanNode(.mapping((mapping ?? []) + [entry]), at: span.union(entry.value.span), isComplete: isComplete)
    }
}
