/// A count, and the counts that it has to be the sum of.
package struct Balance: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package var name: String
        package var count: UInt64

        package init(_ name: String, _ count: UInt64) {
            self.name = name
            self.count = count
        }
    }

    package var whole: Part
    package var parts: [Part]

    package init(_ name: String, _ count: UInt64, _ parts: [Part]) {
        whole = Part(name, count)
        self.parts = parts
    }

    /// What is wrong; nil where it adds up.
    package var defect: String? {
        var sum: UInt64 = 0
        for part in parts { sum &+= part.count }
        guard sum != whole.count else { return nil }
        let words = parts.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
        return "\(whole.count) \(whole.name), but \(words)" + (parts.count > 1 ? " = \(sum)" : "")
    }
}
