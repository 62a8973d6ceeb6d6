extension Value {
    /// How two values of an ordered type stand to each other.
    package enum Order: Sendable {
        case less, equal, greater
        /// One of them is a NaN.
        case unordered

        init(_ difference: Int) { self = difference < 0 ? .less : difference == 0 ? .equal : .greater }

        init<Number: Comparable>(_ left: Number, _ right: Number) {
            self = left < right ? .less : left > right ? .greater : left == right ? .equal : .unordered
        }
    }

    /// The order of two bools, numbers, strings or bytes; nil where the pair has none.
    static func order(_ left: Value, _ right: Value) -> Order? {
        switch (left, right) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.string(let left), .string(let right)): Order(left.compareBytes(to: right))
        case (.bool(let left), .bool(let right)): Order(left ? 1 : 0, right ? 1 : 0)
        case (.bytes(let left), .bytes(let right)):
            left.withUnsafeBytes { left in right.withUnsafeBytes { right in Order(compare(left, right)) } }
        default: numericOrder(left, right)
        }
    }

    /// The order of two numbers of whatever types, an integer as a double where the other one is a double; nil where one is no
    /// number.
    static func numericOrder(_ left: Value, _ right: Value) -> Order? {
        switch (left, right) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.double(let left), .double(let right)): Order(left, right)
        case (.int(let left), .uint(let right)): order(left, right)
        case (.uint(let left), .int(let right)): order(right, left).reversed
        case (.int(let left), .double(let right)): Order(Double(left), right)
        case (.double(let left), .int(let right)): Order(left, Double(right))
        case (.uint(let left), .double(let right)): Order(Double(left), right)
        case (.double(let left), .uint(let right)): Order(left, Double(right))
        default: nil
        }
    }

    private static func order(_ left: Int64, _ right: UInt64) -> Order {
        left < right ? .less : left > right ? .greater : .equal
    }
}

extension Value.Order {
    var reversed: Self {
        switch self {
        case .less: .greater
        case .greater: .less
        case .equal, .unordered: self
        }
    }
}
