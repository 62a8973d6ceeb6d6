import LoadRunner
import Testing

@Suite struct UserScheduleTests {
    private static let second: Int64 = 1_000_000_000
    private static let year: Int64 = 366 * 86_400 * second

    private typealias Stage = UserSchedule.Stage

    @Test func firstStartsAreSpreadEvenly() {
        let schedule = UserSchedule(users: 4, rampUpNanoseconds: 1_000)
        #expect((1...4).map { schedule.nextStartNanoseconds(ofUser: $0, after: 0) } == [0, 250, 500, 750])
        #expect(schedule.nextStartNanoseconds(ofUser: 5, after: 0) == nil)
        #expect([0, 249, 250, 499, 750, 9_999].map { schedule.count(atNanoseconds: $0) } == [1, 1, 2, 2, 4, 4])
        #expect(schedule.most == 4 && schedule.endNanoseconds == nil)
    }

    @Test func withoutRampUpAllStartAtOnce() {
        let schedule = UserSchedule(users: 3)
        #expect((1...3).map { schedule.nextStartNanoseconds(ofUser: $0, after: 0) } == [0, 0, 0])
        #expect(schedule.count(atNanoseconds: 0) == 3)
    }

    @Test func longRampsOfManyUsersDoNotOverflow() {
        let schedule = UserSchedule(users: 1_000_000, rampUpNanoseconds: Self.year)
        #expect(
            schedule.nextStartNanoseconds(ofUser: 1_000_000, after: 0) == Self.year / 1_000_000 * 999_999)
        let ramp = UserSchedule(startUsers: 0, stages: [Stage(durationNanoseconds: Self.year, target: 1_000_000)])
        #expect(ramp.nextStartNanoseconds(ofUser: 999_999, after: 0) == Self.year / 1_000_000 * 999_999)
        #expect(ramp.count(atNanoseconds: Self.year - 1) == 999_999)
    }

    @Test func aRampFollowsItsLineToTheUser() {
        let schedule = UserSchedule(
            startUsers: 0,
            stages: [
                Stage(durationNanoseconds: 10 * Self.second, target: 10),
                Stage(durationNanoseconds: 2 * Self.second, target: 10),
                Stage(durationNanoseconds: 5 * Self.second, target: 0),
            ])
        let levels = (0...17).map { schedule.count(atNanoseconds: $0 * Self.second) }
        #expect(levels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 8, 6, 4, 2, 0])
        #expect(schedule.count(atNanoseconds: Self.second - 1) == 0)
        #expect(schedule.nextStartNanoseconds(ofUser: 3, after: 0) == 3 * Self.second)
        // Twenty users in ten seconds, downwards: the first to go is the last that came.
        #expect(schedule.nextStopNanoseconds(ofUser: 10, after: 0) == 12 * Self.second + Self.second / 2)
        #expect(schedule.nextStopNanoseconds(ofUser: 1, after: 0) == nil, "the load ends at the same time")
        #expect(schedule.most == 10 && schedule.endNanoseconds == 17 * Self.second)
    }

    @Test func stagesWithoutDurationJump() {
        let schedule = UserSchedule(
            startUsers: 2,
            stages: [
                Stage(durationNanoseconds: 0, target: 5), Stage(durationNanoseconds: 100, target: 5),
                Stage(durationNanoseconds: 0, target: 1), Stage(durationNanoseconds: 100, target: 3),
            ])
        #expect([0, 99, 100, 149, 150, 199].map { schedule.count(atNanoseconds: $0) } == [5, 5, 1, 1, 2, 2])
        #expect(schedule.nextStopNanoseconds(ofUser: 4, after: 0) == 100)
        #expect(schedule.nextStartNanoseconds(ofUser: 2, after: 100) == 150)
        #expect(schedule.nextStartNanoseconds(ofUser: 3, after: 100) == nil, "it would start with the end of the load")
        #expect(schedule.most == 5)
    }

    private static let schedules = [
        UserSchedule(
            startUsers: 0,
            stages: [
                Stage(durationNanoseconds: 100, target: 7), Stage(durationNanoseconds: 0, target: 3),
                Stage(durationNanoseconds: 50, target: 3), Stage(durationNanoseconds: 33, target: 9),
                Stage(durationNanoseconds: 40, target: 0), Stage(durationNanoseconds: 20, target: 2),
            ]),
        UserSchedule(startUsers: 9, stages: [Stage(durationNanoseconds: 61, target: 4)]),
        UserSchedule(startUsers: 1, stages: [Stage(durationNanoseconds: 7, target: 100)]),
    ]

    /// At every nanosecond: what is said to come next is the next thing to come.
    @Test(arguments: schedules) func startsAndStopsAreWhereTheNumberChanges(_ schedule: UserSchedule) throws {
        let end = try #require(schedule.endNanoseconds)
        for user in 1...schedule.most {
            let runs = (0..<end).map { schedule.count(atNanoseconds: $0) >= user }
            for time in 0..<end {
                let next = runs[Int(time)...].firstIndex { $0 != runs[Int(time)] }.map(Int64.init)
                let said =
                    runs[Int(time)]
                    ? schedule.nextStopNanoseconds(ofUser: user, after: time)
                    : schedule.nextStartNanoseconds(ofUser: user, after: time)
                #expect(said == next, "user \(user) at \(time)")
            }
        }
    }
}
