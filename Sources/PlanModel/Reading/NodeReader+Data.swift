import DataTables
import Diagnostics
import Expressions
import PlanSyntax

/// `data`: judged as far as it can be without looking at the files.
extension NodeReader {
    private static let dataKeys = KeySpace(
        owner: "a data source", known: ["file", "order", "per", "at_end"], needed: [NeededKey("file", .text)],
        foreign: ["path": "file", "source": "file", "strategy": "order", "lifetime": "per", "on_end": "at_end"])
    private static let dataExample = "data:\n  users:\n    file: users.csv"

    mutating func data(_ node: PlanNode) -> [DataSource] {
        let wanted = Wanted("a mapping of names to files", Self.dataExample)
        return declarations(node, of: "'data'", wanted, in: .data).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            if !isIdentifier(name.value) || Scope.languageWords.contains(name.value) {
                unusableNames.insert(name.value)
                report(
                    .invalidName, .dataName(name.value), at: name.span,
                    help: isIdentifier(name.value)
                        ? "it is a reserved word of expressions: data.\(name.value) could not be read"
                        : "a name is letters, digits and '_', and does not begin with a digit")
            }
            return dataSource(name, entry.value)
        }
    }

    private mutating func dataSource(_ name: Located<String>, _ node: PlanNode) -> DataSource {
        var source = DataSource(name: name)
        let file = node.scalar.flatMap { node.isNull ? nil : $0.text.text } ?? "\(name.value).csv"
        guard node.mapping != nil else {
            reportWrongType(
                node, of: "the data source '\(name.value)'", Wanted("a mapping", "\(name.value):\n  file: \(file)"))
            return source
        }
        guard let fields = fields(node, of: Self.dataKeys, example: "file: users.csv") else { return source }
        if let node = fields["file"] {
            source.file = dataFile(node)
        } else {
            reportMissing("file", of: "a data source", fields, at: name.span, example: "file: users.csv")
        }
        if let node = fields["order"] {
            source.order =
                choice(node, of: "an order", "order: shuffle", as: RowSequence.Order.self)?.value ?? .sequential
        }
        if let node = fields["per"] {
            source.per = choice(node, of: "'per'", "per: vu", as: DataSource.Lifetime.self)?.value ?? .iteration
        }
        if let node = fields["at_end"] {
            let end = choice(node, of: "'at_end'", "at_end: stop", as: RowSequence.End.self)
            source.end = end?.value ?? .recycle
            if let end, end.value == .stop, source.order == .random {
                report(
                    .conflictingKeys, .endOfRandomRows, at: end.span,
                    help: "leave it out, or deal them in another order")
            }
        }
        return source
    }

    private mutating func dataFile(_ node: PlanNode) -> Located<String>? {
        let example = "file: users.csv"
        guard let path = planPath(node, of: "'file'", example) else { return nil }
        guard DataTable.Format(ofFile: path.value) == nil else { return path }
        let count = findings.count
        report(
            .invalidPath, .unknownEnding(path.value), at: node.span,
            help: "it ends in .csv, .json (an array of objects) or .jsonl (an object on each line)")
        tellRendered(path.value, of: node, since: count)
        return nil
    }

    /// The path of a file whose content the plan uses: it lies in the plan's folder or below it. Nil where it is not known,
    /// or wrong.
    mutating func planPath(_ node: PlanNode, of name: String, _ example: String) -> Located<String>? {
        guard let text = systemText(node, of: name, example) else { return nil }
        let problem: Diagnostic.Message?
        if text.value.hasPrefix("/") {
            problem = .absolutePath
        } else {
            problem = leavesFolder(text.value) ? .pathLeavesFolder : nil
        }
        guard let problem else { return text }
        let count = findings.count
        report(
            .invalidPath, problem, at: node.span,
            help: "put the file into the folder of the plan, or below it:\n\(example)")
        tellRendered(text.value, of: node, since: count)
        return nil
    }

    /// Whether a path climbs above where it starts, links aside.
    private func leavesFolder(_ path: String) -> Bool {
        var depth = 0
        for part in path.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}

extension Diagnostic.Message {
    fileprivate static func dataName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a data source") }

    fileprivate static let endOfRandomRows = Self("rows that are drawn at random have no end")

    fileprivate static func unknownEnding(_ path: String) -> Self {
        Self("the name of '\(path)' does not say how to read the file")
    }

    fileprivate static let absolutePath = Self("the path of a file that a plan uses is relative to the plan's folder")

    fileprivate static let pathLeavesFolder = Self("the path leads out of the plan's folder")
}
