import Diagnostics
import JSON
import PlanSyntax

extension PlanNode {
    /// The document as JSON, numbers as written; nil for what JSON cannot say.
    var json: String? {
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
            let texts = elements.compactMap(\.json)
            return texts.count == elements.count ? "[" + texts.joined(separator: ", ") + "]" : nil
        case .mapping(let entries):
            let texts = entries.compactMap { entry in
                entry.value.json.map { Self.quoted(entry.key.text) + ": " + $0 }
            }
            return texts.count == entries.count ? "{" + texts.joined(separator: ",\n") + "}" : nil
        }
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return writer.text
    }
}
