import Diagnostics

extension SyntaxTree {
    /// The free names in source order. Literal trees of YAML values have none.
    func references(in source: LocatedText) -> [NameReference] {
        var found: [(range: Range<Int>, root: String, field: String?)] = []
        collect(from: root, bound: [], into: &found)
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }.map {
            NameReference(root: $0.root, field: $0.field, span: source.span(of: $0.range))
        }
    }

    private func collect(
        from index: Index, bound: Set<String>, into found: inout [(range: Range<Int>, root: String, field: String?)]
    ) {
        let node = nodes[index]
        switch node.kind {
        case .name(let name, let isRoot):
            if isRoot || !bound.contains(name) { found.append((node.range, name, nil)) }
        case .select(let operand, let field):
            if case .name(let name, let isRoot) = nodes[operand].kind {
                if isRoot || !bound.contains(name) { found.append((node.range, name, field.text)) }
            } else {
                collect(from: operand, bound: bound, into: &found)
            }
        case .method(let target, let name, let arguments):
            if Macro(rawValue: name.text)?.isComprehension == true, let first = arguments.first,
                case .name(let variable, isRoot: false) = nodes[first].kind
            {
                collect(from: target, bound: bound, into: &found)
                for argument in arguments.dropFirst() {
                    collect(from: argument, bound: bound.union([variable]), into: &found)
                }
            } else if case .name(let namespace, _) = nodes[target].kind, Function.namespaces.contains(namespace) {
                for argument in arguments { collect(from: argument, bound: bound, into: &found) }
            } else {
                for child in node.kind.children { collect(from: child, bound: bound, into: &found) }
            }
        default:
            for child in node.kind.children { collect(from: child, bound: bound, into: &found) }
        }
    }
}
