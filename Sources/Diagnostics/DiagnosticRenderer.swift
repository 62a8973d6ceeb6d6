/// Draws diagnostics as `file:line:col: error: … [WSP…]`, with the source line and a caret under the place.
package struct DiagnosticRenderer: Sendable {
    package let file: SourceFile

    package init(file: SourceFile) { self.file = file }

    /// All of them in source order, each with a line break at its end.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        Self.inSourceOrder(diagnostics).map(render).joined()
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        var output =
            "\(place(of: diagnostic.span)): \(diagnostic.severity.rawValue): \(diagnostic.message.text) [\(diagnostic.code.rawValue)]\n"
        output += excerpt(of: diagnostic.span)
        for note in diagnostic.notes {
            output += "\(place(of: note.span)): note: \(note.text)\n" + excerpt(of: note.span)
        }
        if let help = diagnostic.help {
            output += help.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .map { index, line in index == 0 ? "  help: \(line)\n" : "        \(line)\n" }.joined()
        }
        return output
    }

    /// `file:line:col` of the start of a span.
    package func place(of span: SourceSpan) -> String {
        let position = file.position(at: span.start)
        return "\(file.name):\(position.line):\(position.column)"
    }

    /// The first line of the span behind its number, and a caret with a tail as long as the span on that line.
    package func excerpt(of span: SourceSpan) -> String {
        let start = file.position(at: span.start)
        let line = file.line(start.line)
        let end = file.position(at: min(span.end, file.offset(ofLine: start.line) + UInt32(line.count)))
        let excerpt = SourceExcerpt(line: line, columns: start.column - 1..<max(end.column, start.column) - 1)
        let number = String(start.line)
        let margin = String(repeating: " ", count: number.utf8.count)
        return " \(number) | \(excerpt.text)\n \(margin) | \(excerpt.marker)\n"
    }

    /// As they stand in the file, each once; of several at one place in the order found.
    package static func inSourceOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return diagnostics.enumerated()
            .sorted {
                ($0.element.span.start, $0.element.span.end, $0.offset) < (
                    $1.element.span.start, $1.element.span.end, $1.offset
                )
            }
            .map(\.element)
            .filter { seen.insert($0).inserted }
    }
}
