import Diagnostics

/// `data`: the rows that are dealt, and their columns.
extension Checker {
    /// `data.users`: the row itself.
    mutating func checkDataSource(_ field: SyntaxTree.Name, at range: Range<Int>) -> Unit {
        guard let source = scope.lookupData(field.text) else {
            reportUnknownField(of: .data, field)
            return .invalid
        }
        return dataRow(of: source, at: range)
    }

    /// `data.users.name` and `data.users["name"]`; nil for a selection from anything else.
    mutating func checkDataColumn(
        _ operand: SyntaxTree.Index, _ column: SyntaxTree.Name, at range: Range<Int>
    ) -> Unit? {
        guard case .select(let root, let name) = tree[operand].kind, factRoot(at: root) == .data,
            let source = scope.lookupData(name.text)
        else { return nil }
        guard let types = checkColumn(column, of: source, named: name.text),
            let row = dataRow(of: source, at: tree[operand].range).node
        else { return .invalid }
        return emit(.select(row, key: append(constant: .string(column.text))), types: types, at: range)
    }

    private mutating func dataRow(of source: Scope.DataSource, at range: Range<Int>) -> Unit {
        emit(
            source.slot.node, type: .map(keys: .string, values: StaticType(source.columns?.types ?? .any)), at: range)
    }

    /// What a cell may be; nil for a column that no row has, which is reported as one that some row lacks.
    private mutating func checkColumn(
        _ column: SyntaxTree.Name, of source: Scope.DataSource, named name: String
    ) -> ValueTypes? {
        guard let columns = source.columns else { return .any }
        guard columns.names.contains(where: { $0.hasSameBytes(as: column.text) }) else {
            let near = suggestion(for: column.text, among: columns.names)
            report(
                .unknownField, .unknownColumn(column.text, of: name), at: column.range,
                help: near.map { "did you mean '\($0)'?" } ?? "there is " + Self.inWords(columns.names, of: name))
            return nil
        }
        if let gap = columns.gaps[column.text], !isAskedFor(column.text, of: name) {
            report(
                .missingCell, .missingCell(column.text, of: name, gap), at: column.range,
                help: "give it to every row, or ask for it: "
                    + "has(data.\(name).\(column.text)) ? data.\(name).\(column.text) : …")
            return nil
        }
        return columns.types
    }

    /// Whether the expression has `has(data.users.name)` in it, and so is not surprised by a row without.
    private func isAskedFor(_ column: String, of name: String) -> Bool {
        tree.nodes.contains { node in
            guard case .call(let function, let arguments) = node.kind, function.text == Macro.has.rawValue,
                let argument = arguments.first, case .select(let row, let asked) = tree[argument].kind,
                case .select(let root, let source) = tree[row].kind, factRoot(at: root) == .data
            else { return false }
            return asked.text == column && source.text == name
        }
    }

    private static func inWords(_ names: [String], of source: String) -> String {
        let shown = names.prefix(10).map { "data.\(source).\($0)" }.joined(separator: ", ")
        return shown + (names.count > 10 ? ", …" : "")
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownColumn(_ column: String, of source: String) -> Self {
        Self("the rows of '\(source)' have no column '\(column)'")
    }
    fileprivate static func missingCell(_ column: String, of source: String, _ gap: DataColumns.Gap) -> Self {
        Self("row \(gap.row) of '\(source)' (line \(gap.line) of its file) has no column '\(column)'")
    }
}
