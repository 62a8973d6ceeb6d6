import JSON
import Diagnostics
import PlanSyntax

/// YAML: every place lies within the text, every diagnostic can be drawn, and a document, written as JSON and read again,
/// is the same.
///
/// Input: the text.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let file = SourceFile(name: "plan.yaml", bytes: FuzzInput(start, count).bytes)
    let (node, diagnostics) = PlanDocument.read(file)
    require(node != nil || !diagnostics.isEmpty, "no plan and no word about it")
    requireSpansWithin(file, node: node, diagnostics: diagnostics)

    guard let node, diagnostics.isEmpty else { return 0 }
    var writer = JSONWriter()
    guard write(node, to: &writer) else { return 0 }
    let (again, complaints) = PlanDocument.read(SourceFile(name: "plan.json", bytes: writer.bytes))
    guard let again, complaints.isEmpty else {
        fatalError("as JSON it is refused: \(complaints.map(\.message.text))")
    }
    require(isSame(node, again), "as JSON it is another document")
    return 0
}

/// False for what JSON has no number for.
private func write(_ node: PlanNode, to writer: inout JSONWriter) -> Bool {
    switch node.content {
    case .sequence(let elements):
        writer.beginArray()
        for element in elements where !write(element, to: &writer) { return false }
        writer.endArray()
    case .mapping(let entries):
        writer.beginObject()
        for entry in entries {
            writer.key(entry.key.text)
            guard write(entry.value, to: &writer) else { return false }
        }
        writer.endObject()
    case .scalar(let scalar):
        switch scalar.kind {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.int(value)
        case .double(let value):
            guard value.isFinite else { return false }
            writer.double(value)
        case .string: writer.string(scalar.text.text)
        }
    case .unreadable: fatalError("a value that cannot be read, and no word about it")
    }
    return true
}

private func isSame(_ one: PlanNode, _ other: PlanNode) -> Bool {
    switch (one.content, other.content) {
    case (.sequence(let left), .sequence(let right)):
        left.count == right.count && zip(left, right).allSatisfy(isSame)
    case (.mapping(let left), .mapping(let right)):
        left.count == right.count
            && zip(left, right).allSatisfy {
                $0.key.text.utf8.elementsEqual($1.key.text.utf8) && isSame($0.value, $1.value)
            }
    case (.scalar(let left), .scalar(let right)):
        switch (left.kind, right.kind) {
        case (.string, .string): left.text.text.utf8.elementsEqual(right.text.text.utf8)
        // A double without a fraction is written as JSON writes it, without one.
        case (.double(let value), .int(let whole)): value == Double(whole)
        default: left.kind == right.kind
        }
    default: false
    }
}
