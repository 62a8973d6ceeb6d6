import DataTables
import Expressions
import LoadRunner
import Quantities
import Testing

@Suite struct ShareTests {
    @Test(arguments: 1...7 as ClosedRange<Int64>)
    func partsOfPartsAreEveryNumberOnce(_ count: Int64) {
        for limit in 0...30 as ClosedRange<Int64> {
            var numbers: [Int64] = []
            for part in 0..<count {
                // Three loops on each machine.
                for loop in 0..<3 as Range<Int64> {
                    let share = Share(part, of: count).part(loop, of: 3)
                    let own = (0..<share.count(below: limit)).map { share.number($0) }
                    #expect(share.number(Int64(own.count)) >= limit, "one more would be too many")
                    numbers += own
                }
            }
            #expect(numbers.sorted() == Array(0..<limit))
        }
    }

    private static let second: Int64 = 1_000_000_000

    private static let stages: [UserSchedule.Stage] = [
        .init(durationNanoseconds: 10 * second, target: 11), .init(durationNanoseconds: 0, target: 5),
        .init(durationNanoseconds: 4 * second, target: 0),
    ]
    private static let rates: [ArrivalSchedule.Stage] = [
        .init(durationNanoseconds: 3 * second, target: Rate(count: 40, perNanoseconds: second)),
        .init(durationNanoseconds: second, target: .zero),
    ]

    /// Each of the six, with more and with fewer users than parts.
    private static let shapes: [LoadShape] = [2, 5, 11].flatMap { (users: Int64) in
        [
            LoadShape(.users(UserSchedule(users: users), .unlimited), durationNanoseconds: second),
            LoadShape(.users(UserSchedule(users: users, rampUpNanoseconds: 100), .total(23))),
            LoadShape(.users(UserSchedule(users: users), .perVU(3))),
            LoadShape(.users(UserSchedule(startUsers: users, stages: stages), .unlimited)),
            LoadShape(
                .arrivals(
                    ArrivalSchedule(rate: Rate(count: 7, perNanoseconds: second), durationNanoseconds: 3 * second),
                    users: users)),
            LoadShape(.arrivals(ArrivalSchedule(startRate: .zero, stages: rates), users: users)),
        ]
    }

    @Test func aPartWithNothingToDoIsKnownAsSuch() {
        let load = LoadShape(.users(UserSchedule(users: 3), .total(2)))
        #expect((0..<4).map { LoadPart(load, Share($0, of: 4)).isEmpty } == [false, false, true, true])
        let arrivals = ArrivalSchedule(rate: Rate(count: 1, perNanoseconds: 10), durationNanoseconds: 11)
        let open = LoadShape(.arrivals(arrivals, users: 3))
        #expect((0..<3).map { LoadPart(open, Share($0, of: 3)).isEmpty } == [false, false, true])
    }

    @Test(arguments: shapes) func allPartsTogetherAreTheLoad(_ shape: LoadShape) {
        for count in 1...7 as ClosedRange<Int64> {
            let parts = (0..<count).map { LoadPart(shape, Share($0, of: count)) }
            let users = parts.flatMap { part in (0..<part.mostUsers).map { part.users.number($0) } }
            #expect(users.sorted() == Array(0..<shape.mostUsers))
            switch shape.work {
            case .users(let schedule, let iterations):
                for time in stride(from: 0, through: 15 * Self.second, by: 100_000_000) {
                    let running = parts.reduce(0) { $0 + $1.users.count(below: schedule.count(atNanoseconds: time)) }
                    #expect(running == schedule.count(atNanoseconds: time), "after \(time) ns")
                }
                guard case .total(let total) = iterations else { break }
                let numbers = parts.flatMap { part in
                    (0..<(part.iterationLimit ?? 0)).map { part.turns?.number($0) ?? -1 }
                }
                #expect(numbers.sorted() == Array(0..<total))
                #expect(parts.allSatisfy { $0.iterationLimit == 0 || $0.mostUsers > 0 }, "with nobody to do them")
            case .arrivals(let schedule, _):
                let numbers = parts.flatMap { part in
                    (0..<part.arrivalCount).map { part.turns?.number($0) ?? -1 }
                }
                #expect(numbers.sorted() == Array(0..<schedule.count))
                #expect(parts.allSatisfy { $0.arrivalCount == 0 || $0.mostUsers > 0 }, "with nobody to serve them")
                let whole = LoadPart(shape, .whole).constantRatePerSecond ?? 0
                let rates = parts.compactMap(\.constantRatePerSecond).reduce(0, +)
                #expect(abs(rates - whole) < 1e-9)
            }
        }
    }
}
