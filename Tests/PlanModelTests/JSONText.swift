import Diagnostics
import JSON
import PlanSyntax

extension PlanNode {
    /// The document as JSON, numbers as written; nil for what JSON cannot say.
    var json: String? { json(indentation: "") }

    private func json(indentation: String) -> String? {
        let inner = indentation + "  "
        switch content {
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: return "null"
            case .bool(let value): return value ? "true" : "false"
            case .int(let value): return String(value)
            case .double(let value): return value.isFinite ? scalar.text.text : nil
            case .string: return Self.quoted(scalar.text.text)
            }
        case .unreadable: return nil
        case .sequence(let elements):
            let texts = elements.compactMap { $0.json(indentation: inner) }
            guard texts.count == elements.count else { return nil }
            return Self.block("[", texts, "]", indentation)
        case .mapping(let entries):
            let texts = entries.compactMap { entry in
                entry.value.json(indentation: inner).map { Self.quoted(entry.key.text) + ": " + $0 }
            }
            guard texts.count == entries.count else { return nil }
            return Self.block("{", texts, "}", indentation)
        }
    }

    private static func block(_ start: String, _ texts: [String], _ end: String, _ indentation: String) -> String {
        if texts.isEmpty { return start + end }
        return start + "\n" + texts.map { indentation + "  " + $0 }.joined(separator: ",\n") + "\n" + indentation + end
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return writer.text
    }
}
