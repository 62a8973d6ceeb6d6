import Glibc

/// Strings of expressions are sequences of code points: they compare by their UTF-8 bytes (which order as code points
/// do), never by canonical equivalence as Swift's operators do.
extension String {
    /// Negative, zero or positive, as this string stands before, at or after the other in the order of code points.
    func compareBytes(to other: String) -> Int {
        var left = self
        var right = other
        return left.withUTF8 { left in
            right.withUTF8 { right in compare(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right)) }
        }
    }
}

/// The order of two runs of bytes: by the first byte that differs, else the shorter one first.
func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = min(left.count, right.count)
    if shared > 0, let leftBase = left.baseAddress, let rightBase = right.baseAddress {
        let order = memcmp(leftBase, rightBase, shared)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}
