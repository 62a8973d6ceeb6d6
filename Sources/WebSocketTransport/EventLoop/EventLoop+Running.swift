import Dispatch
import Glibc
import Synchronization
import WebSocketCodec

// Starting, passing, stopping.
extension EventLoop {
    /// Timers that fire in one pass, so that one that arms itself again without end leaves sockets their turn.
    private static let timersPerPass = 1_024
    /// Timers that fire before the clock is read again.
    private static let timersPerClock = 4

    /// Begins to work, for the client that is set by now. Once.
    package func start() {
        precondition(client != nil, "the loop '\(label)' has no client")
        precondition(source == nil, "the loop '\(label)' is started twice")
        // A peer that goes away is an error number, never a signal. (`send` has a flag for it, TLS libraries have not.)
        signal(SIGPIPE, SIG_IGN)
        HandshakeKey.prepare()
        let source = DispatchSource.makeReadSource(fileDescriptor: poller.descriptor, queue: queue)
        source.setEventHandler { [self] in run() }
        source.setCancelHandler { [self] in
            poller.close()
            stopped.signal()
        }
        self.source = source
        source.activate()
        // What was armed before now needs a first pass.
        Poller.wakeUp(wakeDescriptor)
    }

    /// Hands `work` to the loop; callable from any thread. After ``shutdown()`` it is dropped.
    package func enqueue(_ work: @escaping @Sendable (EventLoop) -> Void) {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return }
            inbox.work.append(work)
            // Within the lock, so that the descriptor cannot be closed in between.
            if inbox.work.count == 1 { Poller.wakeUp(wakeDescriptor) }
        }
    }

    /// Ends every connection without another word to the client, closes every descriptor, and returns when that is done.
    /// Not to be called on the loop.
    package func shutdown() {
        guard source != nil else {
            if !isStopping {
                stop()
                poller.close()
            }
            return
        }
        dispatchPrecondition(condition: .notOnQueue(queue))
        enqueue { loop in
            loop.stop()
            loop.source?.cancel()
        }
        stopped.wait()
        // For whoever else waits.
        stopped.signal()
    }

    private func stop() {
        isStopping = true
        inbox.withLock { inbox in
            inbox.isClosed = true
            inbox.work = []
        }
        for id in connections.ids { giveUp(id) }
        for listener in listeners {
            poller.remove(listener.descriptor)
            Glibc.close(listener.descriptor)
        }
        listeners = []
        dirty = []
        endings = []
        client = nil
    }

    /// Works until there is nothing more to do, then returns to libdispatch, which calls again when there is.
    private func run() {
        guard let client else { return }
        var patienceMilliseconds: Int32 = 0
        while true {
            let count = poller.wait(milliseconds: patienceMilliseconds)
            let hasWork = count > 0 || hasMoreToDo
            guard hasWork else { return }
            pass(eventCount: count, client: client)
            if isStopping { return }
            if hasMoreToDo {
                patienceMilliseconds = 0
            } else {
                poller.wake(atNanoseconds: timers.nextWorkNanoseconds)
                patienceMilliseconds = lingers ? 1 : 0
            }
        }
    }

    /// Whether there is something to do that no descriptor tells of.
    private var hasMoreToDo: Bool { !endings.isEmpty || !resumptions.isEmpty || timers.hasDue }

    /// Deals with what is ready: sockets, then what other threads ask for, then timers.
    private func pass(eventCount: Int, client: any LoopClient) {
        counts.passes += 1
        state.pointee.isClockStale = true
        // One turn a pass: what is left over in this one waits for the next.
        let leftOver = resumptions.count
        var isWoken = false
        for index in 0..<eventCount {
            let (token, readiness) = poller.event(index)
            if token.slot != .max {
                handle(readiness, of: token, client: client)
                turnEnded(client)
            } else if token == Poller.timerToken {
                poller.timerExpired()
            } else if token == Poller.wakeToken {
                isWoken = true
            } else {
                refreshClock()
                acceptAll(at: Int(token.generation) - Poller.reservedTokens)
            }
        }
        resume(leftOver, client)
        refreshClock()
        if isWoken {
            poller.wokenUp()
            let work = inbox.withLock { inbox in
                defer { inbox.work = [] }
                return inbox.work
            }
            for work in work where !isStopping { work(self) }
            if isStopping { return }
        }
        settle(client)
        fireTimers(client)
        client.passEnded(on: self)
        settle(client)
    }

    /// Goes on with the connections whose input was more than one turn's work.
    private func resume(_ count: Int, _ client: any LoopClient) {
        guard count > 0 else { return }
        for index in 0..<count {
            resume(resumptions[index], client: client)
            turnEnded(client)
        }
        resumptions.removeFirst(count)
    }

    /// A connection had its turn. Where that was much work, timers do not wait for the end of the pass.
    private func turnEnded(_ client: any LoopClient) {
        settle(client)
        guard state.pointee.eventsSinceTimers >= Self.eventsPerTurn else { return }
        readClock()
        fireTimers(client)
    }

    private func fireTimers(_ client: any LoopClient) {
        state.pointee.eventsSinceTimers = 0
        timers.advance(toNanoseconds: nowNanoseconds)
        for number in 1...Self.timersPerPass {
            guard let expiry = timers.takeDue() else { return }
            switch expiry.owner {
            case .client:
                client.timerFired(
                    on: self, timer: expiry.id, context: expiry.context, dueNanoseconds: expiry.dueNanoseconds)
            case .connection: phaseTimedOut(ConnectionID(rawValue: expiry.context))
            case .listener: resumeAccepting(at: Int(expiry.context))
            case .memory: returnHandshakeMemory()
            }
            // At once, so that what the first of a thousand timers sends does not wait for the last of them.
            settle(client)
            // What becomes due meanwhile is noticed in this pass: ticks that take longer than their interval would not let
            // anything else have a turn.
            if number.isMultiple(of: Self.timersPerClock) {
                readClock()
                timers.advance(toNanoseconds: nowNanoseconds)
            }
        }
    }

    /// Writes what was queued and tells what ended, now that no call of the client's is under way. An end that is brought
    /// about in here has to wait for the next time: a client that connects again at once, and fails at once, does not
    /// keep the loop.
    private func settle(_ client: any LoopClient) {
        flushDirty()
        guard !endings.isEmpty else { return }
        // One is the rule, and leaves the list its memory.
        if endings.count == 1, let id = endings.popLast() {
            tell(id, client)
            return flushDirty()
        }
        let present = endings
        endings = []
        for id in present { tell(id, client) }
        flushDirty()
    }

    /// Arms a timer of the client's. One that is due already fires in this pass or the next.
    package func startTimer(dueNanoseconds: Int64, context: UInt64) -> TimerID {
        preconditionOnLoop()
        return timers.arm(dueNanoseconds: dueNanoseconds, owner: .client, context: context)
    }

    /// Arms a timer that fires before all others that are due: for an end that has to come although the loop has more to do
    /// than it can.
    package func startDeadline(dueNanoseconds: Int64, context: UInt64) {
        preconditionOnLoop()
        _ = timers.arm(dueNanoseconds: dueNanoseconds, owner: .client, context: context, goesAhead: true)
    }

    /// Stops a timer; false if it has fired or was stopped before.
    @discardableResult
    package func cancelTimer(_ id: TimerID) -> Bool {
        preconditionOnLoop()
        return timers.cancel(id)
    }
}
