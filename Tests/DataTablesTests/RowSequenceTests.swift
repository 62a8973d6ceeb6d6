import DataTables
import Expressions
import Testing

@Suite struct RowSequenceTests {
    private func rows(
        _ order: RowSequence.Order, of count: Int, _ end: RowSequence.End = .recycle, seed: UInt64 = 1, first: UInt64
    ) -> [Int?] {
        let sequence = RowSequence(count: count, order: order, end: end, seed: RandomSeed(seed))
        return (0..<first).map { sequence.row($0) }
    }

    @Test func sequentialRowsStandInTheOrderOfTheFile() {
        #expect(rows(.sequential, of: 3, first: 7) == [0, 1, 2, 0, 1, 2, 0])
        #expect(rows(.sequential, of: 3, .stop, first: 5) == [0, 1, 2, nil, nil])
    }

    @Test(arguments: [1, 2, 3, 5, 16, 17, 100, 1_000]) func aShuffleDealsEachRowOnceInEachPass(_ count: Int) {
        let dealt = rows(.shuffle, of: count, first: UInt64(3 * count)).compactMap(\.self)
        let passes = (0..<3).map { Array(dealt[$0 * count..<($0 + 1) * count]) }
        for pass in passes { #expect(pass.sorted() == Array(0..<count)) }
        if count > 10 { #expect(Set(passes).count == 3 && !passes.contains(Array(0..<count))) }
        let stopping = rows(.shuffle, of: count, .stop, first: UInt64(count + 1))
        #expect(stopping.dropLast() == passes[0].map(Int?.some)[...] && stopping.last == .some(nil))
    }

    /// Every order of few rows turns up, and none of them far more often than another.
    @Test(arguments: [2, 3, 4]) func noOrderIsPreferred(_ count: Int) {
        var found: [[Int?]: Int] = [:]
        let orders = (1...count).reduce(1, *)
        for seed in 0..<UInt64(orders * 100) {
            found[rows(.shuffle, of: count, seed: seed, first: UInt64(count)), default: 0] += 1
        }
        #expect(found.count == orders)
        #expect(found.values.allSatisfy { (50...150).contains($0) }, "\(found.values.sorted())")
    }

    @Test func randomRowsRepeatForTheirSeed() {
        let dealt = rows(.random, of: 10, seed: 7, first: 1_000).compactMap(\.self)
        #expect(dealt == rows(.random, of: 10, seed: 7, first: 1_000).compactMap(\.self))
        #expect(dealt != rows(.random, of: 10, seed: 8, first: 1_000).compactMap(\.self))
        #expect(Set(dealt) == Set(0..<10) && Set(dealt.prefix(10)).count < 10)
    }
}
