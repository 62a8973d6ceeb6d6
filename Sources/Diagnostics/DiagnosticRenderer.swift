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
        let position = file.position(at: span.start)
        let line = file.line(position.line)
        let number = String(position.line)
        let margin = String(repeating: " ", count: number.utf8.count)
        let lineEnd = file.position(at: min(span.end, file.offset(ofLine: position.line) + UInt32(line.count)))
        let width = max(1, lineEnd.column - position.column)
        // A tab stays a tab under the line, so that the caret stands below its place whatever the tab width.
        let indent = String(decoding: line, as: UTF8.self).unicodeScalars.prefix(position.column - 1)
            .map { $0 == "\t" ? "\t" : " " }.joined()
        return """
             \(number) | \(printable(line))
             \(margin) | \(indent)^\(String(repeating: "~", count: width - 1))

            """
    }

    /// Errors before warnings at one place; otherwise as they stand in the file, each once.
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

    /// Control characters could move the cursor of the terminal: they are shown as their pictures (U+2400 on).
    private func printable(_ line: ArraySlice<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x09: text.unicodeScalars.append(scalar)
            case 0x00..<0x20: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
            case 0x7F: text.unicodeScalars.append("\u{2421}")
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
