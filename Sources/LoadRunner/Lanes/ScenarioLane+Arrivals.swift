import LoadMetrics
import WebSocketTransport

/// The iterations of an open load, each of which is due at a time of its own.
extension ScenarioLane {
    func paceArrivals(_ schedule: ArrivalSchedule) {
        guard let arrivals else {
            stopPacing()
            return finishIfDone()
        }
        let number = arrivals.number(pacedCount)
        // Without another one, the load still lasts until its end.
        guard let due = schedule.dueNanoseconds(ofArrival: number) else { return }
        guard beginNanoseconds + due <= loop.nowNanoseconds else { return pace(atNanoseconds: due) }
        let emptySources = job.rows.filter { !$0.dealer.hasRowsLeft }
        guard emptySources.isEmpty else {
            for source in emptySources { source.dealer.noteRefusal() }
            return nothingIsLeft()
        }
        pacedCount += 1
        arrived(Arrival(number: number, dueNanoseconds: beginNanoseconds + due))
        if let next = schedule.dueNanoseconds(ofArrival: arrivals.number(pacedCount)) { pace(atNanoseconds: next) }
    }

    /// The load ends. How many arrivals were due is what the schedule says, whatever has become of them; those that this
    /// lane has not come to are dropped.
    func settleArrivals() {
        guard isPacing, case .arrivals(let schedule, _) = job.shape.work, let arrivals else { return }
        let elapsed = loop.nowNanoseconds - beginNanoseconds
        // Of a load that is stopped before its time, what would have been begun in time still was not due yet.
        let due =
            elapsed >= schedule.endNanoseconds
            ? schedule.count : schedule.count(beforeNanoseconds: elapsed - GeneratorSecond.inTimeNanoseconds)
        let own = max(arrivals.count(below: due), pacedCount)
        let missed = UInt64(own - pacedCount)
        result.arrivals.due = UInt64(own)
        result.arrivals.dropped += missed
        result.missedArrivals += missed
        recorder.add(series.droppedIterations, Int(missed))
        watch.due(missed, late: missed)
    }

    /// Finds somebody for an arrival: a free user of this loop, a new one, or one of another loop.
    private func arrived(_ arrival: Arrival) {
        guard let pool = job.arrivalUsers else { preconditionFailure("an arrival at a load of users") }
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
            if hasNothingLeft { result.arrivals.withoutRow += 1 } else { drop(arrival) }
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
