/// Reaching into lists and maps.
extension ExpressionCode {
    /// `container.key`
    func select(_ key: Value, from container: Value, at index: Node.Index) throws(EvaluationError) -> Value {
        guard case .map(let map) = container else {
            throw error(.wrongType(operation: "selecting a field", container.type), at: index)
        }
        guard let value = map[key] else { throw error(.noSuchKey(key), at: index) }
        return value
    }

    /// `container[key]`
    func element(_ key: Value, of container: Value, at index: Node.Index) throws(EvaluationError) -> Value {
        switch container {
        case .map(let map):
            guard let value = map[key] else { throw error(.noSuchKey(key), at: index) }
            return value
        case .list(let elements):
            let position: Int? =
                switch key {
                case .int(let value): Int(value)
                case .uint(let value): Int(exactly: value) ?? .max
                case .double(let value): Int(exactly: value)
                default: nil
                }
            guard let position else {
                throw error(.wrongType(operation: "the index of a list", key.type), at: index)
            }
            guard elements.indices.contains(position) else {
                throw error(.indexOutOfRange(key.shown, count: elements.count), at: index)
            }
            return elements[position]
        default:
            throw error(.wrongType(operation: "[…]", container.type), at: index)
        }
    }

    /// `has(container.key)`
    func has(_ key: Value, in container: Value, at index: Node.Index) throws(EvaluationError) -> Bool {
        guard case .map(let map) = container else {
            throw error(.wrongType(operation: "has(…)", container.type), at: index)
        }
        return map[key] != nil
    }

    /// `element in container`: an element of a list, a key of a map.
    func contains(_ element: Value, in container: Value, at index: Node.Index) throws(EvaluationError) -> Bool {
        switch container {
        case .list(let elements): return elements.contains(element)
        case .map(let map): return map[element] != nil
        default: throw error(.wrongType(operation: "'in'", container.type), at: index)
        }
    }
}
