import Digests
package import JSON

extension Value {
    /// Writes `{"type": "int", "value": "1"}`, from which every value can be told from every other one.
    ///
    /// The value of a null, bool, number or string is its text; of bytes Base64; of a list the list of such objects; of a map
    /// the list of its entries, each a list of two such objects.
    package func writeTyped(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string(typeName)
        writer.key("value")
        switch self {
        case .null, .bool, .int, .uint, .double, .string: writer.string(text ?? "")
        case .bytes(let bytes): writer.string(Base64.encode(bytes))
        case .list(let elements):
            writer.beginArray()
            for element in elements { element.writeTyped(to: &writer) }
            writer.endArray()
        case .map(let map):
            writer.beginArray()
            for entry in map.entries {
                writer.beginArray()
                entry.key.writeTyped(to: &writer)
                entry.value.writeTyped(to: &writer)
                writer.endArray()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    private var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        }
    }
}
