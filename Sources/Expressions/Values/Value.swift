/// What an expression yields: a value of the Common Expression Language, without its timestamps, durations and types.
///
/// At most 17 bytes; only strings beyond 15 bytes, bytes, lists and maps live on the heap.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(ValueMap)
}

extension Value {
    /// The type of this value, as a set of one.
    package var type: ValueTypes {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        }
    }
}
