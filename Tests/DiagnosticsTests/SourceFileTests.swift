import Diagnostics
import Testing

@Suite struct SourceFileTests {
    private let file = SourceFile(name: "plan", bytes: Array("ab\r\né😀x\n\nlast".utf8))

    @Test(
        arguments: [
            (0, 1, 1), (1, 1, 2), (3, 1, 4), (4, 2, 1), (6, 2, 2), (10, 2, 3), (11, 2, 4), (12, 3, 1), (13, 4, 1),
            (17, 4, 5),
            (99, 4, 5),
        ] as [(UInt32, Int, Int)])
    func countsLinesAndUnicodeScalars(_ offset: UInt32, _ line: Int, _ column: Int) {
        #expect(file.position(at: offset) == SourcePosition(line: line, column: column))
    }

    @Test func givesLinesWithoutTheirBreaks() {
        let lines = (0...5).map { String(decoding: file.line($0), as: UTF8.self) }
        #expect(lines == ["", "ab", "é😀x", "", "last", ""])
        #expect((1...5).map(file.offset(ofLine:)) == [0, 4, 12, 13, 17])
        #expect(file.text(of: SourceSpan(start: 4, end: 10)) == "é😀")
        #expect(file.text(of: SourceSpan(start: 15, end: 99)) == "st")
    }
}
