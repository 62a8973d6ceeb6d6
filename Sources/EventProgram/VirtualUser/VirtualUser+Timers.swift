import Diagnostics
import Expressions

/// What is due at a time: ticks, waits, the timeouts of awaits, the end of the session.
extension VirtualUser {
    /// The shortest interval of an `every`: a tick of the timer wheel. With a shorter one nothing else would ever run.
    package static let shortestIntervalNanoseconds: Int64 = 100_000

    /// So many ticks, waits and timeouts are dealt with in one wake: a single step may take milliseconds, such as an expression
    /// over a long list, and the end of the load has to come in between.
    private static let duePerWake = 16

    /// Starts a timer. False where there is no room for it, which has ended the session and the task.
    mutating func startTimer(
        _ instruction: Instruction, _ task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Bool {
        let timer = context.program.pools.timers[Int(instruction.a)]
        if let id = timer.id { cancelTimer(withID: id, context.program) }
        // `on_error` and `on_close` outlive the session; timers do not.
        guard endedBy == nil else { return true }
        guard hasRoomForTask(at: task, &context) else { return false }
        var running = RunningTimer(
            index: instruction.a, event: task.event, ownSequence: task.ownSequence,
            inheritance: inheritance(of: task, to: timer, context), order: takeOrder(),
            seed: RandomSeed(context.evaluation.random.next()))
        switch timer.schedule {
        case .after(let delay):
            running.baseNanoseconds = deadline(after: try nanoseconds(delay, at: task, &context), context)
            running.remainingTicks = 1
        case .every(let interval, let first, let jitter, let times):
            let span = context.program.spans[task.address]
            let period = try nanoseconds(interval, at: task, &context)
            guard period >= Self.shortestIntervalNanoseconds else {
                throw EvaluationError(.invalidArgument("an interval is at least 100us"), at: span)
            }
            running.intervalNanoseconds = period
            running.baseNanoseconds = deadline(
                after: try first.map { first throws(EvaluationError) in try nanoseconds(first, at: task, &context) }
                    ?? period, context)
            if let jitter { running.jitterNanoseconds = try nanoseconds(jitter, at: task, &context) }
            if let times {
                let count = try integer(times, 0...Int64.max, "'times'", at: task, &context)
                guard count > 0 else { return true }
                running.remainingTicks = count
            }
        }
        running.dueNanoseconds = due(running)
        timers.append(running)
        return true
    }

    /// What the ticks of a timer know of the task that starts it; nil for nothing.
    private func inheritance(
        of task: Task, to timer: Pools.Timer, _ context: ExecutionContext
    ) -> RunningTimer.Inheritance? {
        let locals = context.evaluation.locals
        let message = context.program.reachesMessage[Int(timer.body)] ? owned(task.message) : .none
        if case .none = message, locals.isEmpty, task.error == nil { return nil }
        return RunningTimer.Inheritance(locals: locals, message: message, error: task.error)
    }

    mutating func cancelTimer(withID id: UInt32, _ program: Program) {
        timers.removeAll { program.pools.timers[Int($0.index)].id == id }
    }

    /// Runs everything that is due, in the order of its times and, where they are equal, of its starts. A user that is so
    /// late that this is much leaves the rest to its next wake, which it wants at once: others have their turn before.
    mutating func wake(_ context: inout ExecutionContext) {
        let now = context.nowNanoseconds
        for _ in 0..<Self.duePerWake where !context.budget.isTurnOver && !context.isInterrupted {
            var dueNanoseconds = now &+ 1
            var order = UInt64.max
            var dueTask: Int?
            var dueTimer: Int?
            for (index, task) in tasks.enumerated()
            where (task.deadlineNanoseconds, task.order) < (dueNanoseconds, order) {
                (dueNanoseconds, order, dueTask) = (task.deadlineNanoseconds, task.order, index)
            }
            for (index, timer) in timers.enumerated()
            where (timer.dueNanoseconds, timer.order) < (dueNanoseconds, order) {
                (dueNanoseconds, order, dueTask, dueTimer) = (timer.dueNanoseconds, timer.order, nil, index)
            }
            if phase == .open, endedBy == nil, sessionDeadlineNanoseconds < dueNanoseconds {
                close(code: 1000, by: .timeout, &context)
            } else if let dueTimer {
                tick(dueTimer, &context)
            } else if let dueTask {
                resume(tasks.remove(at: dueTask), &context)
            } else {
                return
            }
            startErrorHandlers(&context)
        }
    }

    private mutating func tick(_ index: Int, _ context: inout ExecutionContext) {
        let timer = timers[index]
        timers[index].tickCount += 1
        if timer.remainingTicks < .max { timers[index].remainingTicks -= 1 }
        if timer.remainingTicks == 1 {
            timers.remove(at: index)
        } else {
            let (next, overflow) = timer.baseNanoseconds.addingReportingOverflow(timer.intervalNanoseconds)
            timers[index].baseNanoseconds = overflow ? .max : next
            timers[index].dueNanoseconds = due(timers[index])
        }
        var task = timer.task(at: context.program.pools.timers[Int(timer.index)].body)
        context.effects.append(.timerLag(nanoseconds: context.nowNanoseconds - timer.dueNanoseconds))
        run(&task, &context)
    }

    /// Goes on with a task whose time has come.
    private mutating func resume(_ task: Task, _ context: inout ExecutionContext) {
        var task = task
        let deadline = task.deadlineNanoseconds
        task.deadlineNanoseconds = .max
        task.dueNanoseconds = deadline
        switch task.parking {
        case .running: preconditionFailure("a task that runs was parked")
        case .wait:
            task.parking = .running
            run(&task, &context)
        case .await: awaitTimedOut(&task, &context)
        }
    }

    /// When a timer ticks next. The jitter has random numbers of its own, so that those of a tick are the same without it.
    private func due(_ timer: RunningTimer) -> Int64 {
        guard timer.jitterNanoseconds > 0 else { return timer.baseNanoseconds }
        var random = timer.seed.branch(~timer.tickCount).stream
        let delay = Int64(random.next(below: UInt64(timer.jitterNanoseconds) + 1))
        let (sum, overflow) = timer.baseNanoseconds.addingReportingOverflow(delay)
        return overflow ? .max : sum
    }
}
