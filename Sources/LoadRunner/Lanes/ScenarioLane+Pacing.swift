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
            _ = loop.startTimer(dueNanoseconds: beginNanoseconds + duration, context: word(.loadEnd))
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

    private func pace(atNanoseconds time: Int64) {
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
        guard slots[index].user.isActive else {
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
        guard slots[index].user.isActive else { return }
        slots[index].stop = loop.startTimer(
            dueNanoseconds: loop.nowNanoseconds + job.drainNanoseconds, context: word(.abandon, index))
    }

    func cancelStop(of index: Int) {
        guard slots[index].stop != .none else { return }
        loop.cancelTimer(slots[index].stop)
        slots[index].stop = .none
    }

    // MARK: Arrivals

    private func paceArrivals(_ schedule: ArrivalSchedule) {
        guard let arrivals else {
            stopPacing()
            return finishIfDone()
        }
        let number = arrivals.number(pacedCount)
        // Without another one, the load still lasts until its end.
        guard let due = schedule.dueNanoseconds(ofArrival: number) else { return }
        guard beginNanoseconds + due <= loop.nowNanoseconds else { return pace(atNanoseconds: due) }
        guard job.rows.allSatisfy({ $0.dealer.hasRowsLeft() }) else {
            stopPacing()
            return finishIfDone()
        }
        pacedCount += 1
        arrived(Arrival(number: number, dueNanoseconds: beginNanoseconds + due))
        if let next = schedule.dueNanoseconds(ofArrival: arrivals.number(pacedCount)) { pace(atNanoseconds: next) }
    }

    /// Finds somebody for an arrival: a free user of this loop, a new one, or one of another loop.
    private func arrived(_ arrival: Arrival) {
        guard let pool = job.arrivalUsers else { preconditionFailure("an arrival at a load of users") }
        result.arrivals.due += 1
        if pool.take(fromLoop: loopIndex) {
            serve(arrival)
        } else if let number = pool.make() {
            makeUser(number: job.part.users.number(number))
            freeUsers.append(userCount - 1)
            serve(arrival)
        } else if let other = pool.takeElsewhere(than: loopIndex) {
            let (peer, lane) = (peers[other], job.index)
            peer.loop.enqueue { _ in peer.takeOver(arrival, lane: lane) }
        } else {
            drop(arrival)
        }
    }

    /// An arrival comes from another loop, which has claimed a user of this one.
    func takeOver(_ arrival: Arrival) {
        guard isPacing else {
            expectedArrivals -= 1
            drop(arrival)
            return finishIfDone()
        }
        serve(arrival)
    }

    /// Gives an arrival to a free user that was claimed for it.
    private func serve(_ arrival: Arrival) {
        guard let index = freeUsers.popLast() else { preconditionFailure("no user is free, and one was claimed") }
        // By the clock and not by that of the loop, which stands still while it deals with many.
        let lag = MonotonicClock.nowNanoseconds - arrival.dueNanoseconds
        recorder.record(series.timerLag, nanoseconds: lag)
        watch.begun(lateNanoseconds: lag)
        guard begin(index, number: arrival.number, countedFrom: arrival.dueNanoseconds) else {
            result.arrivals.withoutRow += 1
            return becameFree(index)
        }
        result.arrivals.started += 1
    }

    /// Nobody is free for an arrival. Whether that was found out in time is the generator's affair, that nobody was is not.
    private func drop(_ arrival: Arrival) {
        watch.begun(lateNanoseconds: MonotonicClock.nowNanoseconds - arrival.dueNanoseconds)
        result.arrivals.dropped += 1
        recorder.add(series.droppedIterations)
    }

    /// A user of an open load has had its iteration. The load goes at its own pace, whatever became of it, so that no failure
    /// holds the next one back.
    func turnOver(_ index: Int) {
        stopRunning(index)
        guard isPacing else { return finishIfDone() }
        let pause = drawPause(of: index)
        if pause == 0 { becameFree(index) } else { goOn(index, afterNanoseconds: pause) }
    }

    /// A user of an open load waits for an arrival.
    func becameFree(_ index: Int) {
        guard isPacing else { return }
        freeUsers.append(index)
        job.arrivalUsers?.give(onLoop: loopIndex)
    }
}
