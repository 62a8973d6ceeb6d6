import Diagnostics
import PlanSyntax

/// What the targets that read plans have in common: every diagnostic and every node has its place within the file, at
/// the ends of characters, and the diagnostics can be drawn.
func requireSpansWithin(_ file: SourceFile, node: PlanNode?, diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
        requireWithin(file, diagnostic.span, "the diagnostic '\(diagnostic.message.text)'")
        for note in diagnostic.notes { requireWithin(file, note.span, "the note '\(note.text)'") }
        require(!diagnostic.message.text.isEmpty, "a diagnostic without words")
    }
    let drawn = DiagnosticRenderer(file: file).render(diagnostics)
    require(drawn.isEmpty == diagnostics.isEmpty, "diagnostics that are not drawn")
    if let node { requireSpansWithin(file, node) }
}

private func requireSpansWithin(_ file: SourceFile, _ node: PlanNode) {
    requireWithin(file, node.span, "a value")
    switch node.content {
    case .sequence(let elements): for element in elements { requireSpansWithin(file, element) }
    case .mapping(let entries):
        for entry in entries {
            requireSpansWithin(file, entry.key)
            requireSpansWithin(file, entry.value)
        }
    case .scalar(let scalar):
        requireSpansWithin(file, scalar.text)
        if let comment = scalar.trailingComment { requireWithin(file, comment, "a comment") }
    case .unreadable: break
    }
}

/// Of the text as a whole, of its characters one by one, and of its second half as a text of its own.
private func requireSpansWithin(_ file: SourceFile, _ text: LocatedText) {
    requireWithin(file, text.span, "a text")
    let count = text.text.utf8.count
    for offset in stride(from: 0, through: count, by: max(1, count / 64)) {
        requireWithin(file, text.span(of: offset..<min(offset + 1, count)), "byte \(offset) of a text")
    }
    requireWithin(file, text.span(of: 0..<count), "all of a text")
}

private func requireWithin(_ file: SourceFile, _ span: SourceSpan, _ what: String) {
    require(Int(span.end) <= file.bytes.count, "\(what) at \(span.range) of \(file.bytes.count) bytes")
}
