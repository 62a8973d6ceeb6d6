/// How often something happens: `count` times in every `perNanoseconds`, in lowest terms and so exact. `100/s` and `6000/m`
/// are one rate.
package struct Rate: Hashable, Sendable {
    package let count: Int64
    package let perNanoseconds: Int64

    /// Never.
    package static let zero = Rate(count: 0, perNanoseconds: 1)

    /// - Parameters:
    ///   - count: from 0 to `perNanoseconds`: nothing happens more often than once in a nanosecond.
    ///   - perNanoseconds: more than 0.
    package init(count: Int64, perNanoseconds: Int64) {
        precondition(
            perNanoseconds > 0 && (0...perNanoseconds).contains(count), "\(count) in \(perNanoseconds) ns is no rate")
        let divisor = Self.greatestCommonDivisor(count, perNanoseconds)
        self.count = count / divisor
        self.perNanoseconds = perNanoseconds / divisor
    }

    package var perSecond: Double { Double(count) * 1e9 / Double(perNanoseconds) }

    private static func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}

extension Rate: Comparable {
    package static func < (left: Rate, right: Rate) -> Bool {
        let (leftProduct, rightProduct) = (
            left.count.multipliedFullWidth(by: right.perNanoseconds),
            right.count.multipliedFullWidth(by: left.perNanoseconds)
        )
        return (leftProduct.high, leftProduct.low) < (rightProduct.high, rightProduct.low)
    }
}
