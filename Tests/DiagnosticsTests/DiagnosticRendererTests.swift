import Diagnostics
import Testing

@Suite struct DiagnosticRendererTests {
    @Test(arguments: [
        // A span in brackets of the source; what is drawn below it.
        ("a: ⟦b⟧", " 1 | a: b\n   |    ^\n"),
        ("a: ⟦bcd⟧ e", " 1 | a: bcd e\n   |    ^~~\n"),
        ("a\nb: ⟦⟧", " 2 | b: \n   |    ^\n"),
        ("a\n⟦⟧", " 2 | \n   | ^\n"),
        ("⟦⟧", " 1 | \n   | ^\n"),
        ("\ta\t⟦b\tc⟧", " 1 | \ta\tb\tc\n   | \t \t^~~\n"),
        ("é ü: ⟦ß€⟧", " 1 | é ü: ß€\n   |      ^~\n"),
        ("名前: ⟦日本⟧", " 1 | 名前: 日本\n   |       ^~~~\n"),
        ("e\u{301}: ⟦x⟧", " 1 | e\u{301}: x\n   |    ^\n"),
        ("a: ⟦b\r\nc⟧\r\n", " 1 | a: b\n   |    ^\n"),
        ("a: ⟦bc\ndef⟧", " 1 | a: bc\n   |    ^~\n"),
        ("a: bc⟦\n⟧d", " 1 | a: bc\n   |      ^\n"),
        ("a\u{1B}[2J\u{7F}: ⟦b⟧", " 1 | a␛[2J␡: b\n   |         ^\n"),
        ("a\u{202E}b: ⟦c⟧", " 1 | a\u{FFFD}b: c\n   |      ^\n"),
        ("\n\n\n\n\n\n\n\n\n⟦a⟧", " 10 | a\n    | ^\n"),
        ("a: ⟦>-\n  b\n  c⟧\nd", " 1 | a: >-\n   |    ^~\n 2 |   b\n 3 |   c\n"),
        ("a: ⟦|\n 1\n 2\n 3\n 4\n 5\n 6⟧", " 1 | a: |\n   |    ^\n 2 |  1\n 3 |  2\n 4 |  3\n 5 |  4\n 6 |  5\n"),
    ])
    func drawsTheLineAndTheCaret(_ marked: String, _ expected: String) {
        let (file, span) = source(marked)
        #expect(DiagnosticRenderer(file: file).excerpt(of: span) == expected)
    }

    @Test func showsAPartOfALongLine() {
        let (file, span) = source(String(repeating: "x", count: 1_000) + "⟦here⟧" + String(repeating: "y", count: 500))
        let lines = DiagnosticRenderer(file: file).excerpt(of: span).split(separator: "\n").map(Array.init)
        #expect(lines[0].count == 5 + 160 + 2)
        let caret = lines[1].firstIndex(of: "^") ?? 0
        #expect(String(lines[0][caret..<caret + 4]) == "here")
        #expect(String(lines[1][caret...]) == "^~~~")
    }

    @Test(arguments: [[0xB3], [0xB3, 0xB3, 0x61], [0x61, 0xF0, 0x9F], [0xFF, 0xB3, 0xB3], [0xC3]] as [[UInt8]])
    func drawsLinesThatAreNotUTF8(_ line: [UInt8]) {
        let file = SourceFile(name: "plan", bytes: Array("x\n".utf8) + line)
        for start in 2...file.bytes.count {
            for end in start...file.bytes.count {
                let drawn = DiagnosticRenderer(file: file).excerpt(of: SourceSpan(start..<end))
                #expect(drawn.hasPrefix(" 2 | ") && drawn.contains("^"))
            }
        }
    }

    @Test func printsMessageNotesAndHelp() {
        let file = SourceFile(name: "plan.yaml", bytes: Array("a: 1\nb: 2\na: 3\n".utf8))
        let diagnostic = Diagnostic(
            .duplicateKey, .init("'a' again"), at: SourceSpan(start: 10, end: 11), help: "drop it:\nb: 2",
            notes: [Diagnostic.Note("first", at: SourceSpan(start: 0, end: 1))])
        #expect(
            DiagnosticRenderer(file: file).render(diagnostic) == """
                plan.yaml:3:1: error: 'a' again [WSP006]
                 3 | a: 3
                   | ^
                plan.yaml:1:1: note: first
                 1 | a: 1
                   | ^
                  help: drop it:
                        b: 2

                """)
    }

    /// A key, a name or a peer's words in a message must not move the cursor or forge a line.
    @Test func printsNoControlCharacters() {
        let file = SourceFile(name: "plan.yaml", bytes: [])
        let nowhere = SourceSpan(start: 0, end: 0)
        let diagnostic = Diagnostic(
            .duplicateKey, .init("'a\u{1B}[2J\n'"), at: nowhere, help: "\r\u{202E}",
            notes: [Diagnostic.Note("\u{9B}", at: nowhere)])
        #expect(
            DiagnosticRenderer(file: file).render(diagnostic) == """
                plan.yaml:1:1: error: 'a␛[2J␊' [WSP006]
                 1 |\u{20}
                   | ^
                plan.yaml:1:1: note: \u{FFFD}
                 1 |\u{20}
                   | ^
                  help: ␍\u{FFFD}

                """)
    }

    @Test func putsThemInSourceOrderOnce() {
        let at = { (start: UInt32, text: String) in
            Diagnostic(.malformedYAML, .init(text), at: SourceSpan(start: start, end: start))
        }
        let sorted = DiagnosticRenderer.inSourceOrder([at(5, "x"), at(2, "b"), at(2, "a"), at(5, "x"), at(0, "c")])
        #expect(sorted == [at(0, "c"), at(2, "b"), at(2, "a"), at(5, "x")])
    }

    /// The text without the marks ⟦ and ⟧, and the span between them.
    private func source(_ marked: String) -> (SourceFile, SourceSpan) {
        let parts = marked.split(separator: "⟦", omittingEmptySubsequences: false)
        let rest = parts[1].split(separator: "⟧", omittingEmptySubsequences: false)
        let start = parts[0].utf8.count
        let file = SourceFile(name: "plan", bytes: Array((parts[0] + rest[0] + rest[1]).utf8))
        return (file, SourceSpan(start..<start + rest[0].utf8.count))
    }
}
