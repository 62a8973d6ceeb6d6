extension PlanNode {
    /// What of a node stands complete before the place where its syntax breaks: all but the last value that was read, of
    /// which what comes next may be a part. Nil where nothing does.
    var beforeFault: PlanNode? {
        guard !isFlow else { return nil }
        switch content {
        case .scalar, .unreadable: return nil
        case .sequence(var elements):
            if let last = elements.popLast(), let rest = last.beforeFault { elements.append(rest) }
            return PlanNode(.sequence(elements), at: span, isComplete: false)
        case .mapping(var entries):
            if let last = entries.popLast(), let rest = last.value.beforeFault {
                entries.append(.init(key: last.key, value: rest))
            }
            return PlanNode(.mapping(entries), at: span, isComplete: false)
        }
    }
}
