import LoadRunner
import Quantities
import Testing

@Suite struct ArrivalScheduleTests {
    private static let second: Int64 = 1_000_000_000
    private static let year: Int64 = 366 * 86_400 * second

    private typealias Stage = ArrivalSchedule.Stage

    private static func perSecond(_ count: Int64) -> Rate { Rate(count: count, perNanoseconds: second) }

    @Test func aConstantRateIsExactAndDoesNotDrift() {
        let schedule = ArrivalSchedule(rate: Self.perSecond(3), durationNanoseconds: 10 * Self.second)
        #expect(schedule.count == 30)
        #expect(
            (0...3).map { schedule.dueNanoseconds(ofArrival: $0) } == [0, 333_333_333, 666_666_666, 1_000_000_000])
        #expect(schedule.dueNanoseconds(ofArrival: 29) == 9_666_666_666)
        #expect(schedule.dueNanoseconds(ofArrival: 30) == nil)
        #expect(schedule.constantRate == Self.perSecond(3))
    }

    @Test func oneInTwoMinutes() {
        let schedule = ArrivalSchedule(
            rate: Rate(count: 5, perNanoseconds: 600 * Self.second), durationNanoseconds: 600 * Self.second)
        #expect(schedule.count == 5)
        #expect(
            (0..<5).map { schedule.dueNanoseconds(ofArrival: $0) }
                == (0..<5).map { $0 * 120 * Self.second })
    }

    @Test func aMillionASecondForAYear() {
        let schedule = ArrivalSchedule(rate: Self.perSecond(1_000_000), durationNanoseconds: Self.year)
        #expect(schedule.count == Self.year / 1_000)
        #expect(schedule.dueNanoseconds(ofArrival: schedule.count - 1) == Self.year - 1_000)
        #expect(schedule.dueNanoseconds(ofArrival: schedule.count) == nil)
    }

    /// n = ½ a t²: the n-th is due at √(2n ÷ a).
    @Test func aRampFromNothingIsTheRootOfItsNumber() {
        let schedule = ArrivalSchedule(
            startRate: .zero, stages: [Stage(durationNanoseconds: 10 * Self.second, target: Self.perSecond(200))])
        #expect(schedule.count == 1_000)
        #expect(schedule.dueNanoseconds(ofArrival: 0) == 0)
        #expect(schedule.dueNanoseconds(ofArrival: 10) == Self.second)
        #expect(schedule.dueNanoseconds(ofArrival: 1) == 316_227_766)
        #expect(schedule.dueNanoseconds(ofArrival: 90) == 3 * Self.second)
        #expect(schedule.dueNanoseconds(ofArrival: 999) == 9_994_998_749)
        #expect(schedule.constantRate == nil)
    }

    @Test func nothingArrivesWhileTheRateIsZero() {
        let schedule = ArrivalSchedule(
            startRate: .zero,
            stages: [
                Stage(durationNanoseconds: 5 * Self.second, target: .zero),
                Stage(durationNanoseconds: 0, target: Self.perSecond(1)),
                Stage(durationNanoseconds: 2 * Self.second, target: Self.perSecond(1)),
                Stage(durationNanoseconds: 0, target: .zero),
                Stage(durationNanoseconds: 3 * Self.second, target: .zero),
                Stage(durationNanoseconds: 0, target: Self.perSecond(4)),
                Stage(durationNanoseconds: 1 * Self.second, target: .zero),
            ])
        #expect(schedule.count == 4)
        // On the ramp down 4t − 2t² arrive: one more at t = 1 − √½.
        #expect(
            (0..<4).map { schedule.dueNanoseconds(ofArrival: $0) }
                == [5 * Self.second, 6 * Self.second, 10 * Self.second, 10 * Self.second + 292_893_218])
        #expect(schedule.count(beforeNanoseconds: 5 * Self.second) == 0)
        #expect(schedule.count(beforeNanoseconds: 5 * Self.second + 1) == 1)
    }

    private static let schedules = [
        ArrivalSchedule(rate: perSecond(7), durationNanoseconds: 3 * second + 1),
        ArrivalSchedule(rate: Rate(count: 1, perNanoseconds: 1), durationNanoseconds: 500),
        ArrivalSchedule(
            startRate: perSecond(0),
            stages: [
                Stage(durationNanoseconds: 2 * second, target: perSecond(100)),
                Stage(durationNanoseconds: 0, target: perSecond(10)),
                Stage(durationNanoseconds: second, target: Rate(count: 1_234_567, perNanoseconds: 60_000 * second)),
                Stage(durationNanoseconds: 5 * second, target: .zero),
                Stage(durationNanoseconds: second, target: .zero),
                Stage(durationNanoseconds: 3 * second, target: perSecond(20)),
            ]),
        ArrivalSchedule(
            startRate: perSecond(1_000_000), stages: [Stage(durationNanoseconds: 300_000, target: .zero)]),
        ArrivalSchedule(startRate: .zero, stages: [Stage(durationNanoseconds: 0, target: perSecond(5))]),
    ]

    /// The number of arrivals before a moment and the moment of an arrival are two computations of one thing.
    @Test(arguments: schedules) func dueTimesAreTheInverseOfTheCount(_ schedule: ArrivalSchedule) throws {
        var last: Int64 = 0
        for number in 0..<schedule.count {
            let due = try #require(schedule.dueNanoseconds(ofArrival: number))
            #expect(schedule.count(beforeNanoseconds: due) <= number)
            #expect(schedule.count(beforeNanoseconds: due + 1) > number)
            #expect(due >= last && due < schedule.endNanoseconds)
            last = due
        }
        #expect(schedule.dueNanoseconds(ofArrival: schedule.count) == nil)
        #expect(schedule.count(beforeNanoseconds: schedule.endNanoseconds) == schedule.count)
    }

    /// At the ends of what a plan can say, where floating point would be minutes off.
    @Test func aRampOfAYearIsExactToTheNanosecond() throws {
        let schedule = ArrivalSchedule(
            startRate: Self.perSecond(1_000_000),
            stages: [
                Stage(durationNanoseconds: Self.year, target: Rate(count: 1, perNanoseconds: 60_000_000_000_000_000))
            ])
        let step = schedule.count / 1_001
        for number in stride(from: 0, to: schedule.count, by: Int(step)) {
            let due = try #require(schedule.dueNanoseconds(ofArrival: number))
            #expect(schedule.count(beforeNanoseconds: due) <= number)
            #expect(schedule.count(beforeNanoseconds: due + 1) > number)
        }
        #expect(schedule.dueNanoseconds(ofArrival: schedule.count) == nil)
    }
}
