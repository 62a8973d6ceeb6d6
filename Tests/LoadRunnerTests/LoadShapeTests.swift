import LoadRunner
import Testing

@Suite struct LoadShapeTests {
    @Test func firstStartsAreSpreadEvenly() {
        let shape = LoadShape(vus: 4, rampUpNanoseconds: 1_000)
        #expect((1...4).map { shape.firstStartNanoseconds(ofVU: $0) } == [0, 250, 500, 750])
    }

    @Test func withoutRampUpAllStartAtOnce() {
        let shape = LoadShape(vus: 3)
        #expect((1...3).map { shape.firstStartNanoseconds(ofVU: $0) } == [0, 0, 0])
    }

    @Test func longRampsOfManyUsersDoNotOverflow() {
        let year: Int64 = 366 * 86_400_000_000_000
        let shape = LoadShape(vus: 1_000_000, rampUpNanoseconds: year)
        #expect(shape.firstStartNanoseconds(ofVU: 1_000_000) == year / 1_000_000 * 999_999)
    }

    @Test(arguments: [(1, 10), (3, 10), (4, 12), (100, 300)])
    func givesUpAfterThreeFailuresAUserButAtLeastTen(_ vus: Int, _ failures: Int) {
        #expect(LoadShape(vus: vus).failuresBeforeGivingUp == failures)
    }

    @Test(arguments: [(1, 16 << 20), (64, 16 << 20), (128, 8 << 20), (4_096, 256 << 10), (15_000, 256 << 10)])
    func sendQueuesShareAGibibyte(_ vus: Int, _ bytes: Int) {
        #expect(LoadShape(vus: vus).sendQueueBytes == bytes)
    }

    @Test func noMoreSessionsThanUsersOrIterations() {
        #expect(LoadShape(vus: 10).mostSessions == 10)
        #expect(LoadShape(vus: 10, iterations: .total(3)).mostSessions == 3)
        #expect(LoadShape(vus: 10, iterations: .perVU(3)).mostSessions == 10)
    }

    @Test(arguments: [(1, 1), (500, 1), (501, 2)])
    func fewUsersHaveOneLoop(_ vus: Int, _ atMost: Int) {
        #expect(LoadRun.defaultLoopCount(vus: vus) <= atMost)
        #expect(LoadRun.defaultLoopCount(vus: vus) >= 1)
    }
}
