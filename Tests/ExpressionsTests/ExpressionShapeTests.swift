import Testing

@Suite struct ExpressionShapeTests {
    @Test func thereAreManyAndNoTwoOfOneShape() {
        let cases = EvaluationTests.files.flatMap { ExpressionCase.load($0 + ".cases") }
        #expect(cases.count >= 500)
        for (shape, same) in Dictionary(grouping: cases, by: ExpressionShape.init) where same.count > 1 {
            Issue.record("\(shape): \(same.map(\.testDescription))")
        }
    }

    @Test(arguments: [
        ("1 + 2 => 3", "4 + 5 => 9", true), ("1 + 2 => 3", "1 - 2 => -1", false), ("n + 1 => 4", "u + 1 => 8.0", false),
        ("'a' => \"a\"", "'bc' => \"bc\"", true), ("'a' => \"a\"", "'é' => \"é\"", false),
        ("'a' => \"a\"", "r'a' => \"a\"", false), ("size('a') => 1", "bytes('a') => b\"61\"", false),
        ("n / (n - 3) => error: division by zero", "n / (n - 4) => -3", false),
        ("items.all(i, i > 0) => true", "items.all(j, j > 1) => false", false),
        ("items.all(i, i > 0) => true", "items.all(j, j > 0) => true", true),
        ("9 => 9", "9223372036854775807 => 9223372036854775807", false),
    ])
    func aShapeIsWithoutNamesAndValues(_ first: String, _ second: String, _ areAlike: Bool) throws {
        let shapes = [first, second].map { line in
            let arrow = line.range(of: " => ") ?? line.startIndex..<line.startIndex
            return ExpressionShape(
                ExpressionCase(
                    place: "", expression: String(line[..<arrow.lowerBound]), outcome: String(line[arrow.upperBound...])
                ))
        }
        #expect((shapes[0] == shapes[1]) == areAlike)
    }
}
