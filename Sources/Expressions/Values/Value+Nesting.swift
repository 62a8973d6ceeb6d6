extension Value {
    /// Whether a map can have this key.
    var isKey: Bool {
        switch self {
        case .bool, .int, .uint, .string: true
        case .null, .double, .bytes, .list, .map: false
        }
    }

    /// Whether at most `levels` lists and maps stand within each other.
    func isNested(atMost levels: Int) -> Bool {
        switch self {
        case .list(let elements):
            levels > 0 && elements.allSatisfy { $0.isNested(atMost: levels - 1) }
        case .map(let map):
            levels > 0 && map.entries.allSatisfy { $0.value.isNested(atMost: levels - 1) }
        default: true
        }
    }
}
