/// The types that a value may have, as far as they are known before evaluation.
///
/// An operator whose operands share no type it could work on is a mistake that `check` reports; everything else is
/// decided when the expression is evaluated.
package struct ValueTypes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let null = ValueTypes(rawValue: 1 << 0)
    package static let bool = ValueTypes(rawValue: 1 << 1)
    package static let int = ValueTypes(rawValue: 1 << 2)
    package static let uint = ValueTypes(rawValue: 1 << 3)
    package static let double = ValueTypes(rawValue: 1 << 4)
    package static let string = ValueTypes(rawValue: 1 << 5)
    package static let bytes = ValueTypes(rawValue: 1 << 6)
    package static let list = ValueTypes(rawValue: 1 << 7)
    package static let map = ValueTypes(rawValue: 1 << 8)

    package static let number: ValueTypes = [.int, .uint, .double]
    /// What a key of a map may be.
    package static let key: ValueTypes = [.string, .int, .uint, .bool]
    /// What JSON can hold.
    package static let json: ValueTypes = [.null, .bool, .int, .double, .string, .list, .map]
    /// Nothing is known: any type may come.
    package static let any = ValueTypes(rawValue: (1 << 9) - 1)
}

extension ValueTypes: CustomStringConvertible {
    /// In words for a diagnostic: `a string`, `an int or a uint`, `a number`.
    package var description: String {
        if self == .any { return "any value" }
        var words: [String] = []
        var rest = self
        if rest.isSuperset(of: .number) {
            words.append("a number")
            rest.subtract(.number)
        }
        words += Self.names.filter { rest.contains($0.type) }.map(\.name)
        guard let last = words.popLast() else { return "no value" }
        return words.isEmpty ? last : words.joined(separator: ", ") + " or " + last
    }

    private static let names: [(type: ValueTypes, name: String)] = [
        (.null, "null"), (.bool, "a bool"), (.int, "an int"), (.uint, "a uint"), (.double, "a double"),
        (.string, "a string"), (.bytes, "bytes"), (.list, "a list"), (.map, "a map"),
    ]
}
