import Diagnostics
import PlanSyntax

/// A node as lines of `line:column–line:column kind text`, indented by depth, for golden files.
struct NodeListing {
    private let file: SourceFile
    private var lines: [String] = []

    static func of(_ node: PlanNode, in file: SourceFile) -> String {
        var listing = NodeListing(file: file)
        listing.add(node, indentation: 0)
        return listing.lines.map { $0 + "\n" }.joined()
    }

    private init(file: SourceFile) { self.file = file }

    private mutating func add(_ node: PlanNode, indentation: Int) {
        let place = place(node.span) + (node.isFlow ? " flow" : "") + (node.isComplete ? "" : " incomplete")
        switch node.content {
        case .scalar(let scalar):
            var line = "\(place) \(scalar.style) \(kind(scalar.kind)) \(quoted(scalar.text.text))"
            if let comment = scalar.trailingComment { line += " comment \(quoted(file.text(of: comment)))" }
            append(line, indentation)
        case .unreadable: append("\(place) unreadable", indentation)
        case .sequence(let elements):
            append("\(place) sequence", indentation)
            for element in elements { add(element, indentation: indentation + 1) }
        case .mapping(let entries):
            append("\(place) mapping", indentation)
            for entry in entries {
                append("\(self.place(entry.key.span)) key \(quoted(entry.key.text))", indentation + 1)
                add(entry.value, indentation: indentation + 2)
            }
        }
    }

    private mutating func append(_ line: String, _ indentation: Int) {
        lines.append(String(repeating: "  ", count: indentation) + line)
    }

    private func place(_ span: SourceSpan) -> String {
        let start = file.position(at: span.start)
        let end = file.position(at: span.end)
        return "\(start.line):\(start.column)–\(end.line):\(end.column)"
    }

    private func kind(_ kind: PlanNode.Scalar.Kind) -> String {
        switch kind {
        case .null: "null"
        case .bool(let value): "bool(\(value))"
        case .int(let value): "int(\(value))"
        case .double(let value): "double(\(value))"
        case .string: "string"
        }
    }

    private func quoted(_ text: String) -> String { "⟨" + text.debugDescription.dropFirst().dropLast() + "⟩" }
}
