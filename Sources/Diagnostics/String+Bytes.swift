import Glibc

extension String {
    /// Whether the UTF-8 bytes are the same, as strings of expressions, keys and tags compare; `==` would be canonical
    /// equivalence, for which "e\u{301}" is "é".
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var left = self
        var right = other
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return true }
                return memcmp(leftBase, rightBase, left.count) == 0
            }
        }
    }
}
