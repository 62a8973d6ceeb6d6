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

    /// The exact order of two numbers of whatever types; nil where one is no number.
    static func numericOrder(_ left: Value, _ right: Value) -> Order? {
        switch (left, right) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.double(let left), .double(let right)): Order(left, right)
        case (.int(let left), .uint(let right)): order(left, right)
        case (.uint(let left), .int(let right)): order(right, left).reversed
        case (.int(let left), .double(let right)): order(left, right)
        case (.double(let left), .int(let right)): order(right, left).reversed
        case (.uint(let left), .double(let right)): order(left, right)
        case (.double(let left), .uint(let right)): order(right, left).reversed
        default: nil
        }
    }

    private static func order(_ left: Int64, _ right: UInt64) -> Order {
        left < right ? .less : left > right ? .greater : .equal
    }

    /// Exact: an integer is compared with the double's integral part, and a tie is broken by its fraction.
    private static func order<Integer: FixedWidthInteger>(_ left: Integer, _ right: Double) -> Order {
        if right.isNaN { return .unordered }
        let whole = right.rounded(.down)
        guard let integer = Integer(exactly: whole) else { return right < 0 ? .greater : .less }
        if left != integer { return left < integer ? .less : .greater }
        return whole < right ? .less : .equal
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
