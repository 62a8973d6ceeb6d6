import Diagnostics
import Expressions
import Testing

@Suite struct ValueTests {
    @Test func aValueIsSmall() {
        #expect(MemoryLayout<Value>.size <= 17)
        #expect(MemoryLayout<Expression>.size == MemoryLayout<Int>.size)
    }

    @Test func numbersHaveOneOrderAcrossTypes() throws {
        // In ascending order; neighbours of which one is a double differ by as much as a double can tell apart.
        let ascending = [
            "-1e300", "-9223372036854775808", "-1.5", "-1", "0", "0.5", "1u", "1.5", "9007199254740991.0",
            "9007199254740993", "9223372036854774784.0", "9223372036854775807", "9223372036854775808u",
            "9223372036854777856.0", "18446744073709549568.0", "18446744073709551615u", "18446744073709555712.0",
        ]
        for (left, lower) in ascending.enumerated() {
            for (right, upper) in ascending.enumerated() {
                #expect(TestWorld.outcome(of: "\(lower) < \(upper)") == "\(left < right)", "\(lower) < \(upper)")
                #expect(TestWorld.outcome(of: "\(lower) >= \(upper)") == "\(left >= right)", "\(lower) >= \(upper)")
                #expect(TestWorld.outcome(of: "\(lower) == \(upper)") == "\(left == right)", "\(lower) == \(upper)")
            }
        }
    }

    @Test func aMapKeepsItsOrderWhateverItsSize() {
        for count in [0, 1, 8, 9, 100] {
            let map = ValueMap((0..<count).map { ("k\($0)", .int(Int64($0))) })
            #expect(map.entries.map(\.value) == (0..<Int64(count)).map(Value.int))
            #expect((0..<count).allSatisfy { map["k\($0)"] == .int(Int64($0)) })
            #expect(map["k\(count)"] == nil)
        }
    }

    @Test func aStreamRepeatsForItsSeedAndDiffersFromItsNeighbours() {
        var one = RandomSeed(7).branch(1).branch(2).stream
        var again = RandomSeed(7).branch(1).branch(2).stream
        let draws = (0..<100).map { _ in one.next() }
        #expect(draws == (0..<100).map { _ in again.next() })
        #expect(Set(draws).count == 100)
        var neighbours = [
            RandomSeed(7).branch(2).branch(1).stream, RandomSeed(7).branch(1).stream,
            RandomSeed(8).branch(1).branch(2).stream, RandomSeed(7).branch(1).branch(3).stream,
        ]
        for index in neighbours.indices { #expect(neighbours[index].next() != draws[0]) }
        var small = RandomSeed(1).stream
        let seen = Set((0..<200).map { _ in small.next(below: 5) })
        #expect(seen == [0, 1, 2, 3, 4])
    }

    @Test func wrappingAValueEndsBeforeTheStackDoes() throws {
        var findings: [Diagnostic] = []
        let wrap = try #require(
            TestWorld.parse("[[[[n]]]]", into: &findings)?.check(in: TestWorld.scope, into: &findings))
        var context = TestWorld.context()
        var levels = 0
        let failure = #expect(throws: EvaluationError.self) {
            while levels < 10_000 {
                context.variables[0] = try wrap.evaluate(in: &context)
                levels += 4
            }
        }
        #expect(levels == 512)
        #expect(failure?.reason == "lists and maps are nested deeper than 512 levels")
    }
}
