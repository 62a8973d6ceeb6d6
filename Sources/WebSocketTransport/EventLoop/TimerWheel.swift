/// Names a running timer. A timer that fired or was cancelled is never confused with a later one in its place.
package struct TimerID: Hashable, Sendable {
    let index: Int32
    let generation: UInt32

    /// Names no timer; cancelling it does nothing.
    package static let none = TimerID(index: -1, generation: 0)
}

/// A hierarchical timer wheel (Varghese and Lauck, 1987): arming and cancelling cost the same with ten timers or
/// 100,000.
///
/// Time is counted in ticks of 2^15 ns (32.8 µs). A timer waits at the level of the highest base-64 digit in which its
/// tick differs from the present one, and moves to a lower level when that digit comes round: at most seven times. Eight
/// levels of 64 buckets cover all of `Int64`. A bit for each bucket finds the next one in use without a search.
///
/// A timer never fires before it is due, and at most one tick late by the wheel's own doing. Timers come out in the order
/// in which they are due, and those due together in the order in which they were armed; before them, those that go ahead.
package struct TimerWheel {
    /// Whose timer it is: the loop hands the client's to its client and keeps the others.
    package enum Owner: UInt8, Sendable {
        case client, connection, listener, memory
    }

    /// What comes out of the wheel when its time has come.
    package struct Expiry: Hashable, Sendable {
        package var id: TimerID
        package var owner: Owner
        package var context: UInt64
        package var dueNanoseconds: Int64
    }

    private struct Timer {
        var next: Int32 = -1
        var previous: Int32 = -1
        var generation: UInt32 = 0
        /// The bucket it waits in; `vacant` when it is not in use.
        var bucket: Int16 = TimerWheel.vacant
        var owner = Owner.client
        var goesAhead = false
        var context: UInt64 = 0
        var dueNanoseconds: Int64 = 0
    }

    private struct Bucket {
        var first: Int32 = -1
        var last: Int32 = -1
    }

    private static let tickBits: Int64 = 15
    /// What one tick lasts.
    package static let tickNanoseconds: Int64 = 1 << tickBits
    private static let lastTick = Int64.max >> tickBits
    private static let levels = 8
    /// The bucket of timers whose time has come and which nobody took yet.
    private static let dueBucket: Int16 = 512
    private static let vacant: Int16 = -1

    private var timers: [Timer] = []
    private var buckets = [Bucket](repeating: Bucket(), count: 513)
    /// Bit n of word l: bucket n of level l is not empty.
    private var occupied = [UInt64](repeating: 0, count: levels)
    private var firstVacant: Int32 = -1
    private var presentTick: Int64
    /// Scratch space: the timers of one bucket whose time has come.
    private var due: [Int32] = []

    /// How many timers are armed.
    package private(set) var count = 0
    /// What the wheel has done so far: timers put into buckets, and buckets emptied.
    package private(set) var workCount: UInt64 = 0

    /// A wheel whose present is `nowNanoseconds`.
    package init(nowNanoseconds: Int64) {
        presentTick = max(0, nowNanoseconds >> Self.tickBits)
    }

    /// Starts a timer. One that is due already comes out at the next ``takeDue()``, after those due before it.
    ///
    /// - Parameter goesAhead: whether it comes out before all others, once it is due, however many are.
    package mutating func arm(
        dueNanoseconds: Int64, owner: Owner, context: UInt64, goesAhead: Bool = false
    ) -> TimerID {
        let index = vacantIndex()
        timers[Int(index)].owner = owner
        timers[Int(index)].goesAhead = goesAhead
        timers[Int(index)].context = context
        timers[Int(index)].dueNanoseconds = dueNanoseconds
        place(index)
        count += 1
        return TimerID(index: index, generation: timers[Int(index)].generation)
    }

    /// Stops a timer; false if it is not running any more.
    @discardableResult
    package mutating func cancel(_ id: TimerID) -> Bool {
        guard id.index >= 0, Int(id.index) < timers.count, timers[Int(id.index)].generation == id.generation,
            timers[Int(id.index)].bucket != Self.vacant
        else { return false }
        remove(id.index)
        return true
    }

    /// Moves the present to `nowNanoseconds` and readies the timers whose time has come for ``takeDue()``.
    package mutating func advance(toNanoseconds nowNanoseconds: Int64) {
        let target = nowNanoseconds >> Self.tickBits
        while let (level, slot, tick) = nextBucket(), tick <= target {
            presentTick = tick
            empty(level: level, slot: slot)
        }
        presentTick = max(presentTick, target)
    }

    /// The next timer whose time has come, taken out of the wheel.
    package mutating func takeDue() -> Expiry? {
        let index = buckets[Int(Self.dueBucket)].first
        guard index >= 0 else { return nil }
        let timer = timers[Int(index)]
        remove(index)
        return Expiry(
            id: TimerID(index: index, generation: timer.generation), owner: timer.owner, context: timer.context,
            dueNanoseconds: timer.dueNanoseconds)
    }

    /// Whether ``takeDue()`` has a timer to give.
    package var hasDue: Bool { buckets[Int(Self.dueBucket)].first >= 0 }

    /// When ``advance(toNanoseconds:)`` has something to do next: never later than the first timer's tick, and earlier
    /// where that timer has yet to move to a lower level. In the past while timers are due; nil without timers.
    package var nextWorkNanoseconds: Int64? {
        if hasDue { return 0 }
        return nextBucket().map { $0.tick << Self.tickBits }
    }

    /// The first bucket in use after the present. A lower level always comes before a higher one, and within a level no
    /// bucket in use lies at or behind the present digit.
    private func nextBucket() -> (level: Int, slot: Int, tick: Int64)? {
        for level in 0..<Self.levels where occupied[level] != 0 {
            let slot = occupied[level].trailingZeroBitCount
            let shift = Int64(6 * level)
            let above = shift + 6
            return (level, slot, (presentTick >> above) << above | Int64(slot) << shift)
        }
        return nil
    }

    /// Hands the timers of a bucket that the present has reached on: to lower levels, or to those due. The latter are of
    /// one tick, and are told apart by their nanoseconds.
    private mutating func empty(level: Int, slot: Int) {
        workCount += 1
        let bucket = level * 64 + slot
        var next = buckets[bucket].first
        buckets[bucket] = Bucket()
        occupied[level] &= ~(1 << UInt64(slot))
        due.removeAll(keepingCapacity: true)
        var isSorted = true
        while next >= 0 {
            let index = next
            next = timers[Int(index)].next
            guard Self.tick(of: timers[Int(index)].dueNanoseconds) <= presentTick else {
                place(index)
                continue
            }
            if let last = due.last, timers[Int(last)].dueNanoseconds > timers[Int(index)].dueNanoseconds {
                isSorted = false
            }
            due.append(index)
        }
        if !isSorted {
            // The sort is stable: timers due at once stay in the order in which they were armed.
            let timers = self.timers
            due.sort { timers[Int($0)].dueNanoseconds < timers[Int($1)].dueNanoseconds }
        }
        for index in due { place(index) }
    }

    /// The first tick at which a timer is due.
    private static func tick(of dueNanoseconds: Int64) -> Int64 {
        let due = max(0, dueNanoseconds)
        let roundUp: Int64 = due & ((1 << tickBits) - 1) == 0 ? 0 : 1
        return min(due >> tickBits + roundUp, lastTick)
    }

    /// Puts a timer that is in no bucket at the end of the one it belongs to now; of those due, one that goes ahead behind
    /// the others of its kind.
    private mutating func place(_ index: Int32) {
        workCount += 1
        let tick = Self.tick(of: timers[Int(index)].dueNanoseconds)
        var bucket = Self.dueBucket
        if tick > presentTick {
            let level = (63 - (tick ^ presentTick).leadingZeroBitCount) / 6
            let slot = Int(tick >> Int64(6 * level)) & 63
            occupied[level] |= 1 << UInt64(slot)
            bucket = Int16(level * 64 + slot)
        }
        var previous = buckets[Int(bucket)].last
        var next: Int32 = -1
        if timers[Int(index)].goesAhead, bucket == Self.dueBucket {
            previous = -1
            next = buckets[Int(bucket)].first
            while next >= 0, timers[Int(next)].goesAhead { (previous, next) = (next, timers[Int(next)].next) }
        }
        timers[Int(index)].bucket = bucket
        timers[Int(index)].previous = previous
        timers[Int(index)].next = next
        if previous >= 0 { timers[Int(previous)].next = index } else { buckets[Int(bucket)].first = index }
        if next >= 0 { timers[Int(next)].previous = index } else { buckets[Int(bucket)].last = index }
    }

    /// Takes a timer out of its bucket and gives its place up.
    private mutating func remove(_ index: Int32) {
        let timer = timers[Int(index)]
        let bucket = Int(timer.bucket)
        if timer.previous >= 0 {
            timers[Int(timer.previous)].next = timer.next
        } else {
            buckets[bucket].first = timer.next
        }
        if timer.next >= 0 {
            timers[Int(timer.next)].previous = timer.previous
        } else {
            buckets[bucket].last = timer.previous
        }
        if buckets[bucket].first < 0, timer.bucket != Self.dueBucket {
            occupied[bucket / 64] &= ~(1 << UInt64(bucket % 64))
        }
        timers[Int(index)].bucket = Self.vacant
        timers[Int(index)].generation &+= 1
        timers[Int(index)].next = firstVacant
        firstVacant = index
        count -= 1
    }

    private mutating func vacantIndex() -> Int32 {
        guard firstVacant >= 0 else {
            timers.append(Timer())
            return Int32(timers.count - 1)
        }
        let index = firstVacant
        firstVacant = timers[Int(index)].next
        return index
    }
}
