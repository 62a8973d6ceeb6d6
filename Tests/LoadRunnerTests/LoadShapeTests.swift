import LoadRunner
import Quantities
import Testing

@Suite struct LoadShapeTests {
    @Test(arguments: [(1, 10), (3, 10), (4, 12), (100, 300)] as [(Int64, Int)])
    func givesUpAfterThreeFailuresAUserButAtLeastTen(_ users: Int64, _ failures: Int) {
        #expect(LoadRun.failuresBeforeGivingUp(users: users) == failures)
    }

    @Test(arguments: [(1, 16 << 20), (64, 16 << 20), (128, 8 << 20), (4_096, 256 << 10), (15_000, 256 << 10)])
    func sendQueuesShareAGibibyte(_ sessions: Int, _ bytes: Int) {
        #expect(LoadRun.sendQueueBytes(sessions: sessions) == bytes)
    }

    @Test func noMoreSessionsThanUsersOrIterations() {
        func sessions(_ iterations: LoadShape.Iterations) -> Int {
            LoadPart(LoadShape(.users(UserSchedule(users: 10), iterations)), .whole).mostSessions
        }
        #expect(sessions(.unlimited) == 10)
        #expect(sessions(.total(3)) == 3)
        #expect(sessions(.perVU(3)) == 10)
    }

    @Test(arguments: [(1, 1), (500, 1), (501, 2)] as [(Int64, Int)])
    func fewUsersHaveOneLoop(_ users: Int64, _ atMost: Int) {
        #expect(LoadRun.defaultLoopCount(users: users) <= atMost)
        #expect(LoadRun.defaultLoopCount(users: users) >= 1)
    }

    @Test func aScheduleWithAnEndIsTheDurationOfItsLoad() {
        let ramp = UserSchedule(startUsers: 0, stages: [.init(durationNanoseconds: 30, target: 3)])
        let arrivals = ArrivalSchedule(rate: Rate(count: 1, perNanoseconds: 10), durationNanoseconds: 40)
        #expect(LoadShape(.users(ramp, .unlimited), durationNanoseconds: 7).durationNanoseconds == 30)
        #expect(LoadShape(.arrivals(arrivals, users: 1)).durationNanoseconds == 40)
        #expect(LoadShape(.users(UserSchedule(users: 1), .unlimited), durationNanoseconds: 7).durationNanoseconds == 7)
        #expect(LoadShape().durationNanoseconds == nil)
    }
}
