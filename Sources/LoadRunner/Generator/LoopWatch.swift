import Glibc
import LoadMetrics

/// What a loop notes of how it fares itself. It belongs to its loop: nothing here is locked.
///
/// A beat is due every 10 ms, whatever the plan does: how late the loop comes to it is how late it would have come to
/// anything else. Those that it has missed altogether count as well, each from when it was due.
package final class LoopWatch {
    static let beatNanoseconds: Int64 = 10_000_000

    /// What the kernel has counted of the thread that a loop is on.
    package struct ThreadTime {
        /// Tells one thread from another.
        package var thread: UInt
        /// How long it ran, or was ready to and had no processor.
        package var busyNanoseconds: UInt64

        package init(thread: UInt, busyNanoseconds: UInt64) {
            self.thread = thread
            self.busyNanoseconds = busyNanoseconds
        }

        package static func present() -> ThreadTime {
            let schedule = HostCounters.thread()
            return ThreadTime(thread: UInt(pthread_self()), busyNanoseconds: schedule.ran &+ schedule.waited)
        }
    }

    /// By the run's clock.
    package private(set) var nextBeatNanoseconds: Int64
    private let startNanoseconds: Int64
    private let readThread: () -> ThreadTime
    private let deliver: (_ second: LoopSecond, _ number: Int, _ isLast: Bool) -> Void
    private var second = LoopSecond()
    private var threadTime: ThreadTime?
    private var threadTimeNanoseconds: Int64 = 0
    /// When the open second began.
    private var secondStartNanoseconds: Int64

    /// - Parameters:
    ///   - startNanoseconds: when the run began, by its clock.
    ///   - deliver: takes each second in turn, by its number from 0, the last one when the loop is done.
    package init(
        startNanoseconds: Int64, readThread: @escaping () -> ThreadTime = ThreadTime.present,
        deliver: @escaping (_ second: LoopSecond, _ number: Int, _ isLast: Bool) -> Void
    ) {
        self.startNanoseconds = startNanoseconds
        self.readThread = readThread
        self.deliver = deliver
        nextBeatNanoseconds = startNanoseconds
        secondStartNanoseconds = startNanoseconds
    }

    /// The loop begins to work, mostly before the run starts; the beats that it has missed count like all others. On the
    /// loop.
    package func start(atNanoseconds now: Int64) {
        threadTime = readThread()
        threadTimeNanoseconds = max(now, startNanoseconds)
    }

    /// Something that was due is begun now.
    package func begun(lateNanoseconds: Int64) {
        due(1, late: lateNanoseconds <= GeneratorSecond.inTimeNanoseconds ? 0 : 1)
    }

    /// So much was due, and some of it was begun late or never.
    package func due(_ count: UInt64, late: UInt64) {
        second.due += count
        second.startedInTime += count - late
    }

    /// Notes all beats that were due until now.
    package func beat(atNanoseconds now: Int64) {
        var busy: Double?
        while nextBeatNanoseconds <= now {
            let isSecond = (nextBeatNanoseconds - startNanoseconds).isMultiple(of: SliceSchedule.stepNanoseconds)
            if isSecond, nextBeatNanoseconds > secondStartNanoseconds {
                let share = busy ?? takeBusy(atNanoseconds: now)
                busy = share
                close(atNanoseconds: nextBeatNanoseconds, busy: share, isLast: false)
            }
            second.lagNanoseconds.append(now - nextBeatNanoseconds)
            nextBeatNanoseconds += Self.beatNanoseconds
        }
    }

    /// The loop is done.
    package func finish(atNanoseconds now: Int64) {
        beat(atNanoseconds: now)
        close(atNanoseconds: now, busy: takeBusy(atNanoseconds: now), isLast: true)
    }

    private func close(atNanoseconds end: Int64, busy: Double, isLast: Bool) {
        let number = Int((secondStartNanoseconds - startNanoseconds) / SliceSchedule.stepNanoseconds)
        // A run that is stopped before it starts has no time at all.
        let end = max(end, secondStartNanoseconds)
        second.lengthNanoseconds = end - secondStartNanoseconds
        second.isWhole = !isLast
        second.busy = busy
        deliver(second, number, isLast)
        second = LoopSecond()
        second.lagNanoseconds.reserveCapacity(Int(SliceSchedule.stepNanoseconds / Self.beatNanoseconds))
        secondStartNanoseconds = end
    }

    /// The share of the time since it was taken last in which the thread was busy.
    private func takeBusy(atNanoseconds now: Int64) -> Double {
        let (before, since) = (threadTime, threadTimeNanoseconds)
        let present = readThread()
        threadTime = present
        threadTimeNanoseconds = now
        guard let before, before.thread == present.thread, present.busyNanoseconds >= before.busyNanoseconds,
            now > since
        else { return 0 }
        // The kernel counts in ticks of its own, which may reach beyond the time.
        return min(Double(present.busyNanoseconds - before.busyNanoseconds) / Double(now - since), 1)
    }
}
