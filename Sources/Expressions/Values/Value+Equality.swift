import Diagnostics

extension Value: Equatable {
    /// CEL equality: numbers by their value whatever their type, strings and bytes by their bytes, lists
    /// in order, maps in any order; values of different types are unequal, and a NaN equals nothing.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        // Not the arrays' own `==`: it takes an array to equal itself, whatever is in it.
        case (.list(let left), .list(let right)): left.elementsEqual(right)
        case (.map(let left), .map(let right)): left == right
        default: numericOrder(left, right) == .equal
        }
    }
}

extension ValueMap: Equatable {
    package static func == (left: ValueMap, right: ValueMap) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }
}
