import Diagnostics

/// What to write instead of a value that does not fit its place.
extension Checker {
    /// How the value at a place becomes one of the types that are needed there; nil where nothing makes one of it.
    func conversion(of index: SyntaxTree.Index, from found: ValueTypes, to wanted: ValueTypes) -> String? {
        if wanted == .bool { return comparison(of: index, found) }
        if !wanted.isDisjoint(with: .number), found.contains(.string) {
            return "a text is made a number by int(x) or double(x)"
        }
        if wanted.contains(.string), found.isSubset(of: [.bool, .int, .uint, .double, .bytes]) {
            return "string(x) makes a text of it"
        }
        if wanted == .list, found == .int { return "range(n) is the list of the numbers below n" }
        if wanted.contains(.list), !found.isEmpty, found.isDisjoint(with: .bytes), !found.contains(.null) {
            return "a list is written [a, b]"
        }
        return nil
    }

    /// How a value that is no bool becomes a condition.
    func comparison(of index: SyntaxTree.Index, _ found: ValueTypes) -> String {
        if case .literal(.string(let text)) = tree[index].kind, text.utf8.count <= 60 {
            return "a condition stands without quotes: \(text)"
        }
        let text = short(index) ?? "x"
        return switch found {
        case .null: "compare it: x != null"
        case _ where found.isSubset(of: .number): "compare it: \(text) > 0"
        case .string: "compare it: \(text) == '…', or \(text).contains('…')"
        case _ where found.isSubset(of: [.string, .bytes, .list, .map]): "ask for its size: size(\(text)) > 0"
        default: "compare it: \(text) == …"
        }
    }

    /// The text of a part, where it is short enough and simple enough to stand in a proposal.
    func short(_ index: SyntaxTree.Index) -> String? {
        switch tree[index].kind {
        case .name, .select, .index, .call, .method:
            let text = source.text.utf8Text(tree[index].range)
            return text.utf8.count <= 40 && !text.contains("\n") ? text : nil
        default: return nil
        }
    }
}
