import Diagnostics
import Testing

@Suite struct LocatedTextTests {
    /// `"ab\nc` with the escape as two bytes of source, then `d` after a folded line break of five.
    private let text = LocatedText(
        "ab\nc d", at: SourceSpan(start: 10, end: 22),
        runs: [
            .init(textOffset: 0, sourceOffset: 11), .init(textOffset: 2, sourceOffset: 13, replacedLength: 2),
            .init(textOffset: 3, sourceOffset: 15), .init(textOffset: 4, sourceOffset: 16, replacedLength: 4),
            .init(textOffset: 5, sourceOffset: 20),
        ])

    @Test(
        arguments: [
            (0..<1, 11, 12), (0..<2, 11, 13), (1..<3, 12, 15), (2..<3, 13, 15), (3..<4, 15, 16), (3..<5, 15, 20),
            (4..<5, 16, 20), (5..<6, 20, 21), (6..<6, 21, 21), (0..<6, 11, 21), (2..<2, 13, 13),
        ] as [(Range<Int>, UInt32, UInt32)])
    func leadsBackToTheSource(_ range: Range<Int>, _ start: UInt32, _ end: UInt32) {
        #expect(text.span(of: range) == SourceSpan(start: start, end: end))
    }

    @Test func knowsThePlacesOfItsSlices() {
        for lower in 0...6 {
            for upper in lower...6 {
                let slice = text.slice(lower..<upper)
                #expect(slice.text == String(Array("ab\nc d")[lower..<upper]))
                for offset in 0..<upper - lower {
                    #expect(
                        slice.span(of: offset..<offset + 1) == text.span(of: lower + offset..<lower + offset + 1),
                        "\(offset) in \(lower)..<\(upper)")
                }
            }
        }
    }

    @Test func standsInTheSourceAsItIsWithoutRuns() {
        let plain = LocatedText("héllo", at: SourceSpan(start: 5, end: 11))
        #expect(plain.span(of: 1..<3) == SourceSpan(start: 6, end: 8))
        #expect(plain.span(of: 6..<6) == SourceSpan(start: 11, end: 11))
        #expect(plain.slice(3..<6) == LocatedText("llo", at: SourceSpan(start: 8, end: 11)))
    }
}
