import EventProgram
import LoadMetrics
import WebSocketTransport

/// Doing what the schedule says. What is to be done follows from the time alone; one user or arrival is dealt with at a
/// time, so that what the first of a thousand sends does not wait for the last of them.
extension ScenarioLane {
    /// Begins the load that starts some time after `runStart`. On the loop.
    func start(atNanoseconds runStart: Int64) {
        guard !isEnding else { return }
        beginNanoseconds = runStart + job.shape.startAfterNanoseconds
        if let duration = job.shape.durationNanoseconds {
            let end = beginNanoseconds + duration
            _ = loop.startTimer(dueNanoseconds: end, context: word(.loadEnd))
            loop.startDeadline(dueNanoseconds: end + Self.patienceNanoseconds, context: word(.loadEnd))
        }
        pace(atNanoseconds: 0)
    }

    /// The timer of the schedule has fired.
    func pace() {
        pacer = .none
        guard isPacing else { return }
        switch job.shape.work {
        case .users(let schedule, _): paceUsers(schedule)
        case .arrivals(let schedule, _): paceArrivals(schedule)
        }
    }

    /// Comes back when the schedule has the next thing to do; what is due at the end of the load or later never is.
    func pace(atNanoseconds time: Int64) {
        if let duration = job.shape.durationNanoseconds, time >= duration { return }
        pacer = loop.startTimer(dueNanoseconds: beginNanoseconds + time, context: word(.pace))
    }

    /// Nothing that the schedule has to do concerns this lane any more.
    func stopPacing() {
        guard isPacing else { return }
        isPacing = false
        if pacer != .none { loop.cancelTimer(pacer) }
        pacer = .none
        if let pool = job.arrivalUsers { expectedArrivals = freeUsers.count - pool.close(loop: loopIndex) }
    }

    /// How far behind a loop may be at the end of a load to come to all that was due before, late as it is. One that is
    /// further behind is not to catch up: it would make the load longer and longer.
    private static let patienceNanoseconds: Int64 = 1_000_000_000

    /// The time of the load is over: it ends when the schedule has had its turn.
    func timeIsOver() {
        guard !isEnding else { return }
        let end = beginNanoseconds + (job.shape.durationNanoseconds ?? 0)
        if pacer != .none, loop.nowNanoseconds < end + Self.patienceNanoseconds {
            // The schedule is late, and its timer due as well: behind it.
            _ = loop.startTimer(dueNanoseconds: end, context: word(.loadEnd))
        } else {
            endLoad(graceNanoseconds: job.shape.gracefulStopNanoseconds, drainNanoseconds: job.drainNanoseconds)
        }
    }

    // MARK: Users

    private func paceUsers(_ schedule: UserSchedule) {
        let now = loop.nowNanoseconds - beginNanoseconds
        let wanted = users.count(below: schedule.count(atNanoseconds: now))
        if wanted > noticedUsers { noteStarts(schedule, upTo: wanted) }
        noticedUsers = wanted
        if pacedCount < wanted {
            pacedCount += 1
            startUser(Int(pacedCount - 1))
        } else if pacedCount > wanted {
            pacedCount -= 1
            stopUser(Int(pacedCount))
        }
        guard isPacing else { return }
        // A timer that was due long ago fires in this pass; one that is due now would wait for the next tick.
        if pacedCount != wanted { return pace(atNanoseconds: 0) }
        let start = schedule.nextStartNanoseconds(ofUser: users.number(wanted) + 1, after: now)
        let stop = wanted > 0 ? schedule.nextStopNanoseconds(ofUser: users.number(wanted - 1) + 1, after: now) : nil
        if let next = [start, stop].compactMap({ $0 }).min() {
            pace(atNanoseconds: next)
        } else {
            stopPacing()
            finishIfDone()
        }
    }

    /// Users are to start that were not to when the schedule had its last turn. Those that were due together take their time
    /// to start, one after the other; late is what the loop has not come to in time.
    private func noteStarts(_ schedule: UserSchedule, upTo wanted: Int64) {
        // By the clock and not by that of the loop, which stands still while it deals with many.
        let inTime = MonotonicClock.nowNanoseconds - beginNanoseconds - GeneratorSecond.inTimeNanoseconds
        let overdue = inTime > 0 ? users.count(below: schedule.count(atNanoseconds: inTime - 1)) : 0
        let late = max(0, min(overdue, wanted) - noticedUsers)
        watch.due(UInt64(wanted - noticedUsers), late: UInt64(late))
    }

    private func startUser(_ index: Int) {
        if index == userCount { makeUser(number: users.number(Int64(index))) }
        slots[index].isWanted = true
        // One that was stopped and still has a session goes on with it, or with the next.
        if !slots[index].isCut { cancelStop(of: index) }
        startIteration(of: index)
    }

    /// Ends a user as the end of the load ends all.
    private func stopUser(_ index: Int) {
        slots[index].isWanted = false
        guard slots[index].isActive else {
            loop.cancelTimer(slots[index].pause)
            slots[index].pause = .none
            return retire(index)
        }
        guard !slots[index].isCut else { return }
        if job.shape.gracefulStopNanoseconds == 0 { return cut(index) }
        slots[index].stop = loop.startTimer(
            dueNanoseconds: loop.nowNanoseconds + job.shape.gracefulStopNanoseconds, context: word(.stop, index))
    }

    /// A stopped user's session is to end now.
    func cut(_ index: Int) {
        slots[index].isCut = true
        deliver(.loadEnded, to: index)
        guard slots[index].isActive else { return }
        slots[index].stop = loop.startTimer(
            dueNanoseconds: loop.nowNanoseconds + job.drainNanoseconds, context: word(.abandon, index))
    }

    func cancelStop(of index: Int) {
        guard slots[index].stop != .none else { return }
        loop.cancelTimer(slots[index].stop)
        slots[index].stop = .none
    }
}
