extension Value {
    /// Whether a map can have this key.
    var isKey: Bool {
        switch self {
        case .bool, .int, .uint, .string: true
        case .null, .double, .bytes, .list, .map: false
        }
    }
}
