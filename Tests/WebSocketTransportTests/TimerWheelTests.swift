import Testing
import WebSocketTransport

@Suite struct TimerWheelTests {
    private static let tick: Int64 = 1 << 15

    /// What the wheel is to be compared with: a list that is searched through.
    private struct Model {
        var timers: [(id: TimerID, dueNanoseconds: Int64, context: UInt64, goesAhead: Bool)] = []

        /// The timers whose tick has come, tick after tick; within one by due time, then in the order of arming. Before them those
        /// that go ahead.
        mutating func takeDue(atNanoseconds now: Int64) -> [UInt64] {
            let isDue: (Int64) -> Bool = { ($0 + tick - 1) / tick <= now / tick }
            let due = timers.enumerated().filter { isDue($0.element.dueNanoseconds) }
                .sorted { ($0.element.dueNanoseconds, $0.offset) < ($1.element.dueNanoseconds, $1.offset) }
            timers.removeAll { isDue($0.dueNanoseconds) }
            return (due.filter(\.element.goesAhead) + due.filter { !$0.element.goesAhead }).map(\.element.context)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func behavesLikeASortedList(seed: UInt64) {
        var random = SplitMix64(state: seed)
        var now = Int64(random.next() % (1 << 50))
        var wheel = TimerWheel(nowNanoseconds: now)
        var model = Model()
        for context in 0..<1_500 as Range<UInt64> {
            switch random.next() % 8 {
            case 0..<5:
                // From under a tick to some weeks, always after the present tick.
                let distance = Int64(random.next() % (1 << (1 + random.next() % 50)))
                let due = (now / Self.tick + 1) * Self.tick + distance
                let goesAhead = random.next() % 8 == 0
                let id = wheel.arm(dueNanoseconds: due, owner: .client, context: context, goesAhead: goesAhead)
                model.timers.append((id, due, context, goesAhead))
            case 5:
                guard let victim = model.timers.indices.randomElement(using: &random) else { break }
                let id = model.timers.remove(at: victim).id
                let cancelled = [wheel.cancel(id), wheel.cancel(id)]
                #expect(cancelled == [true, false])
            default:
                now += Int64(random.next() % (1 << (1 + random.next() % 48)))
                wheel.advance(toNanoseconds: now)
                var fired: [UInt64] = []
                while let expiry = wheel.takeDue() {
                    #expect(expiry.dueNanoseconds <= now)
                    let cancelled = wheel.cancel(expiry.id)
                    #expect(!cancelled, "cancelled after it came out")
                    fired.append(expiry.context)
                }
                #expect(fired == model.takeDue(atNanoseconds: now))
            }
            #expect(wheel.count == model.timers.count)
            let earliest = model.timers.map(\.dueNanoseconds).min()
            #expect((wheel.nextWorkNanoseconds == nil) == (earliest == nil))
            if let next = wheel.nextWorkNanoseconds, let earliest {
                #expect(next < earliest + Self.tick, "would wake too late")
            }
        }
    }

    @Test func sleepsUntilTheTimerOrItsMoveToALowerLevel() {
        var wheel = TimerWheel(nowNanoseconds: 0)
        _ = wheel.arm(dueNanoseconds: 100 * Self.tick, owner: .client, context: 0)
        var wakeUps: [Int64] = []
        while let next = wheel.nextWorkNanoseconds, wheel.takeDue() == nil {
            wakeUps.append(next / Self.tick)
            wheel.advance(toNanoseconds: next)
        }
        #expect(wakeUps == [64, 100])
    }

    @Test func timersThatAreOverdueComeOutAtOnceAndInOrder() {
        var wheel = TimerWheel(nowNanoseconds: 10 * Self.tick)
        for (context, due) in [9 * Self.tick, 0, -5, .min].enumerated() {
            _ = wheel.arm(dueNanoseconds: due, owner: .client, context: UInt64(context))
        }
        #expect(wheel.hasDue)
        var contexts: [UInt64] = []
        while let expiry = wheel.takeDue() { contexts.append(expiry.context) }
        #expect(contexts == [0, 1, 2, 3])
    }

    @Test func aTickIsShorterThanATenthOfAMillisecond() {
        #expect(TimerWheel.tickNanoseconds <= 100_000)
    }

    /// From a tick to half a year away: ten timers, and ten thousand beside each of them.
    @Test func aTimerCostsTheSameAmongTenAndAHundredThousand() {
        func workCount(copies: UInt64) -> UInt64 {
            var wheel = TimerWheel(nowNanoseconds: 0)
            for power in 0..<10 as Range<Int64> {
                for copy in 0..<copies {
                    // The last moment of a tick and the others before it: all are due in the same one.
                    let due = Self.tick << (4 * power) - Int64(copy)
                    _ = wheel.arm(dueNanoseconds: due, owner: .client, context: copy)
                }
            }
            var fired: UInt64 = 0
            while let next = wheel.nextWorkNanoseconds {
                wheel.advance(toNanoseconds: next)
                while wheel.takeDue() != nil { fired += 1 }
            }
            #expect(fired == 10 * copies)
            return wheel.workCount
        }
        let (few, many) = (workCount(copies: 1), workCount(copies: 10_000))
        #expect(many <= few * 10_000, "\(few) for ten, \(many) for a hundred thousand")
    }

    @Test func takesTheLastMomentThereIs() {
        var wheel = TimerWheel(nowNanoseconds: 0)
        let id = wheel.arm(dueNanoseconds: .max, owner: .client, context: 7)
        wheel.advance(toNanoseconds: .max / 2)
        let early = wheel.takeDue()
        #expect(early == nil)
        wheel.advance(toNanoseconds: .max)
        let last = wheel.takeDue()
        #expect(last?.id == id)
    }

    /// Armed when they are due already, behind others that nobody took yet; the one at `cancelled` is stopped.
    @Test(arguments: [(0, [2, 3, 1]), (1, [2, 3, 0]), (2, [3, 0, 1]), (3, [2, 0, 1]), (nil, [2, 3, 0, 1])])
    func whatGoesAheadComesOutFirst(cancelled: Int?, expected: [UInt64]) {
        var wheel = TimerWheel(nowNanoseconds: 100 * Self.tick)
        let timers = (0..<4 as Range<UInt64>).map {
            wheel.arm(dueNanoseconds: Self.tick, owner: .client, context: $0, goesAhead: $0 >= 2)
        }
        if let cancelled { wheel.cancel(timers[cancelled]) }
        var contexts: [UInt64] = []
        while let expiry = wheel.takeDue() { contexts.append(expiry.context) }
        #expect(contexts == expected)
        #expect(wheel.count == 0)
    }

    @Test func aTimerInTheSamePlaceHasAnotherName() {
        var wheel = TimerWheel(nowNanoseconds: 0)
        let first = wheel.arm(dueNanoseconds: 1, owner: .client, context: 0)
        wheel.cancel(first)
        let second = wheel.arm(dueNanoseconds: 1, owner: .client, context: 0)
        #expect(first != second)
        let cancelled = [wheel.cancel(first), wheel.cancel(.none), wheel.cancel(second)]
        #expect(cancelled == [false, false, true])
    }
}

/// A small generator of repeatable numbers (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
