import LoadMetrics
import LoadRunner
import Testing

/// What a loop notes of itself, and what is made of it.
@Suite struct LoopWatchTests {
    /// A loop of a run that began at 5 s of the clock, on a thread that the test says everything of.
    private final class Loop {
        private(set) var seconds: [LoopSecond] = []
        private(set) var isDone = false
        var thread = LoopWatch.ThreadTime(thread: 1, busyNanoseconds: 0)
        private(set) var watch: LoopWatch!

        init(startedAt start: Double = 0) {
            watch = LoopWatch(startNanoseconds: 5_000_000_000, readThread: { [unowned self] in thread }) {
                [unowned self] second, number, isLast in
                #expect(number == seconds.count && !isDone)
                seconds.append(second)
                isDone = isLast
            }
            watch.start(atNanoseconds: Self.time(start))
        }

        static func time(_ seconds: Double) -> Int64 { 5_000_000_000 + milliseconds(seconds * 1000) }

        static func milliseconds(_ count: Double) -> Int64 { Int64((count * 1_000_000).rounded()) }

        func beat(at time: Double) { watch.beat(atNanoseconds: Self.time(time)) }

        func finish(at time: Double) { watch.finish(atNanoseconds: Self.time(time)) }
    }

    @Test func beatsAreLateByWhatTheyAreNotedAfter() {
        let loop = Loop(startedAt: -0.003)
        #expect(loop.watch.nextBeatNanoseconds == Loop.time(0))
        loop.beat(at: 0)
        loop.beat(at: 0.009)
        loop.beat(at: 0.012)
        #expect(loop.watch.nextBeatNanoseconds == Loop.time(0.020))
        loop.beat(at: 0.020)
        loop.finish(at: 0.025)
        #expect(loop.seconds.map(\.lagNanoseconds) == [[0, Loop.milliseconds(2), 0]])
        #expect(loop.seconds[0].lengthNanoseconds == Loop.milliseconds(25))
        #expect(!loop.seconds[0].isWhole && loop.isDone)
    }

    /// A run starts when it says so, whether its loops are there or not.
    @Test func whatIsDueBeforeTheFirstTurnIsLate() {
        let loop = Loop(startedAt: 0.503)
        #expect(loop.watch.nextBeatNanoseconds == Loop.time(0))
        loop.beat(at: 0.503)
        loop.finish(at: 0.504)
        let lags = (0...50).map { Loop.milliseconds(503 - Double($0 * 10)) }
        #expect(loop.seconds.map(\.lagNanoseconds) == [lags])
    }

    @Test func aRunThatIsOverBeforeItStartsHasNoTime() {
        let loop = Loop(startedAt: -0.015)
        loop.finish(at: -0.010)
        #expect(loop.isDone && loop.seconds == [LoopSecond()])
    }

    /// Whoever was held up has missed all beats in between, each for as long as it was due.
    @Test func everyBeatThatWasMissedCounts() {
        let loop = Loop()
        loop.beat(at: 2.505)
        #expect(loop.seconds.count == 2 && loop.seconds.allSatisfy { $0.isWhole })
        for (second, noted) in loop.seconds.enumerated() {
            #expect(noted.lengthNanoseconds == 1_000_000_000)
            let lags = (0..<100).map { Loop.milliseconds(2505 - Double(second * 1000 + $0 * 10)) }
            #expect(noted.lagNanoseconds == lags)
        }
        loop.finish(at: 2.505)
        #expect(loop.seconds[2].lagNanoseconds.count == 51)
    }

    @Test func workIsInTimeForTenMilliseconds() {
        let loop = Loop()
        for late in [0, -1, 10, 10.000001, 500] { loop.watch.begun(lateNanoseconds: Loop.milliseconds(late)) }
        loop.beat(at: 1)
        loop.watch.begun(lateNanoseconds: 0)
        loop.watch.due(7, late: 2)
        loop.finish(at: 1.2)
        #expect(loop.seconds.map(\.due) == [5, 8] && loop.seconds.map(\.startedInTime) == [3, 6])
    }

    @Test func aThreadIsBusyWhileItRunsOrWantsTo() {
        let loop = Loop()
        loop.thread.busyNanoseconds += 500_000_000
        loop.beat(at: 1)
        // Another thread's counts say nothing.
        loop.thread = LoopWatch.ThreadTime(thread: 2, busyNanoseconds: 900_000_000_000)
        loop.beat(at: 2)
        // Held up for two seconds: what is known of both of them is the same.
        loop.thread.busyNanoseconds += 2_500_000_000
        loop.beat(at: 4)
        loop.finish(at: 4.5)
        #expect(loop.seconds.map(\.busy) == [0.5, 0, 1, 1, 0])
    }

    @Test func aSecondIsJudgedWhenItIsOverOnAllLoops() {
        let monitor = GeneratorMonitor(thresholds: [], loopCount: 2)
        func deliver(_ number: Int, ofLoop loop: Int, _ due: UInt64, lag: Int64, busy: Double, isLast: Bool = false) {
            let second = LoopSecond(
                due: due, startedInTime: due, lagNanoseconds: [lag], lengthNanoseconds: 1_000_000_000,
                isWhole: !isLast, busy: busy)
            monitor.deliver(second, number: number, ofLoop: loop, isLast: isLast)
        }
        for number in 0..<3 { deliver(number, ofLoop: 0, 10, lag: 1_000_000, busy: 0.97) }
        deliver(0, ofLoop: 1, 5, lag: 2_000_000, busy: 0.1)
        monitor.advance()
        deliver(1, ofLoop: 1, 5, lag: 3_000_000, busy: 0.1, isLast: true)
        deliver(3, ofLoop: 0, 7, lag: 400_000_000, busy: 1, isLast: true)
        let verdict = monitor.verdict(durationNanoseconds: 4_000_000_000)
        #expect(verdict.grade == .limited)
        #expect(verdict.reasons.first == "a loop was 97% busy, for 3 s from 0 s on")
        #expect(verdict.reasons.contains("a loop was held up for 400ms"))
        #expect(verdict.figures.due == 47 && verdict.figures.startedInTime == 47)
        #expect(verdict.figures.longestLagNanoseconds == 400_000_000)
        #expect(verdict.figures.busy == 0.97)
    }
}
