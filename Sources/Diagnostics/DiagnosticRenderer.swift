/// Draws diagnostics as `file:line:col: error: … [WSP…]`, with the source line and a caret under the place.
package struct DiagnosticRenderer: Sendable {
    package let file: SourceFile

    package init(file: SourceFile) { self.file = file }

    /// All of them in source order, each with a line break at its end.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        Self.inSourceOrder(diagnostics).map(render).joined()
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        let severity = diagnostic.severity.rawValue
        var output = heading(
            "\(severity): \(diagnostic.message.text) [\(diagnostic.code.rawValue)]", at: diagnostic.span)
        for note in diagnostic.notes {
            output += heading("note: \(note.text)", at: note.span)
        }
        guard let help = diagnostic.help else { return output }
        for (index, line) in help.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            output += (index == 0 ? "  help: " : "        ") + terminalText(line.unicodeScalars) + "\n"
        }
        return output
    }

    /// Something that is wrong at a place, and is no matter of a plan's text: `file:line:col: error: …` with its excerpt.
    package func render(error words: String, at span: SourceSpan) -> String { heading("error: \(words)", at: span) }

    private func heading(_ words: String, at span: SourceSpan) -> String {
        "\(place(of: span)): \(terminalText(words.unicodeScalars))\n" + excerpt(of: span)
    }

    /// `file:line:col` of the start of a span.
    package func place(of span: SourceSpan) -> String {
        let position = file.position(at: span.start)
        return "\(file.name):\(position.line):\(position.column)"
    }

    /// The first line of the span behind its number, and a caret with a tail as long as the span on that line. Of a block
    /// scalar, whose first line is only `|` or `>`, lines of its text too.
    package func excerpt(of span: SourceSpan) -> String {
        let first = file.position(at: span.start).line
        let line = file.line(first)
        let place = span.range.clamped(to: line.indices)
        let start = min(max(Int(span.start), line.startIndex), line.endIndex)
        let excerpt = SourceExcerpt(line: line, span: start..<max(start, place.upperBound))
        let rest = blockLines(of: span, from: first + 1)
        let width = String(rest.last ?? first).utf8.count
        let number = { (line: Int) in
            String(repeating: " ", count: width - String(line).utf8.count) + String(line)
        }
        let margin = String(repeating: " ", count: width)
        var output = " \(number(first)) | \(excerpt.text)\n \(margin) | \(excerpt.marker)\n"
        for line in rest {
            let bytes = file.line(line)
            let text = SourceExcerpt(line: bytes, span: bytes.startIndex..<bytes.startIndex).text
            output += " \(number(line)) | \(text)\n"
        }
        return output
    }

    /// So many lines of a block scalar are drawn.
    private static let maximumBlockLineCount = 5

    /// The lines of a block scalar's text; none for another span.
    private func blockLines(of span: SourceSpan, from first: Int) -> [Int] {
        guard span.range.count > 1, span.range.upperBound <= file.bytes.count,
            "|>".utf8.contains(file.bytes[span.range.lowerBound])
        else { return [] }
        let last = file.position(at: span.end).line
        return Array((first..<max(first, last + 1)).prefix(Self.maximumBlockLineCount))
    }

    /// As they stand in the file, each once, with the help and the notes that it was found with first; of several at one
    /// place in the order found.
    package static func inSourceOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        struct Finding: Hashable {
            var code: DiagnosticCode
            var message: Diagnostic.Message
            var span: SourceSpan
        }
        var seen: Set<Finding> = []
        return diagnostics.enumerated()
            .sorted {
                ($0.element.span.start, $0.element.span.end, $0.offset) < (
                    $1.element.span.start, $1.element.span.end, $1.offset
                )
            }
            .map(\.element)
            .filter { seen.insert(Finding(code: $0.code, message: $0.message, span: $0.span)).inserted }
    }
}
