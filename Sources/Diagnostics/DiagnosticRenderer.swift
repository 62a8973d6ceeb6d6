/// Draws diagnostics as `file:line:col: error: … [WSP…]`, with the source line and a caret under the place.
package struct DiagnosticRenderer: Sendable {
    package let file: SourceFile

    package init(file: SourceFile) { self.file = file }

    /// All of them in source order, each with a line break at its end.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        Self.inSourceOrder(diagnostics).map(render).joined()
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        let place = place(of: diagnostic.span)
        let message = terminalText(diagnostic.message.text.unicodeScalars)
        var output = "\(place): \(diagnostic.severity.rawValue): \(message) [\(diagnostic.code.rawValue)]\n"
        output += excerpt(of: diagnostic.span)
        for note in diagnostic.notes {
            output += "\(self.place(of: note.span)): note: \(terminalText(note.text.unicodeScalars))\n"
            output += excerpt(of: note.span)
        }
        guard let help = diagnostic.help else { return output }
        for (index, line) in help.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            output += (index == 0 ? "  help: " : "        ") + terminalText(line.unicodeScalars) + "\n"
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
        let lineNumber = file.position(at: span.start).line
        let line = file.line(lineNumber)
        let place = span.range.clamped(to: line.indices)
        let start = min(max(Int(span.start), line.startIndex), line.endIndex)
        let excerpt = SourceExcerpt(line: line, span: start..<max(start, place.upperBound))
        let number = String(lineNumber)
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
