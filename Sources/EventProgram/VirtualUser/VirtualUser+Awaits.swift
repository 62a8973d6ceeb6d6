import Diagnostics
import Expressions
import Quantities

/// `await` and the inbox that it reads (plan-language §3).
extension VirtualUser {
    /// Takes what the inbox has, and parks for the rest. True where the task goes on at once.
    mutating func beginAwait(
        _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Bool {
        let program = context.program
        let await_ = program.pools.awaits[Int(instruction.a)]
        let timeout = try nanoseconds(await_.timeout, at: task, &context)
        guard endedBy == nil else {
            // `on_error` and `on_close` have no session to wait for.
            throw EvaluationError(
                .invalidArgument("nothing can arrive: the session has ended"), at: program.spans[task.address])
        }
        // Nil: from a mark that does not run, which passes over nothing and gives no sample.
        let since: Int64? =
            switch await_.since {
            case .send, .writtenSend: task.sentNanoseconds ?? context.nowNanoseconds
            case .open: openedNanoseconds
            case .now: context.nowNanoseconds
            case .mark(let reference):
                try findMark(Int(reference), at: task, takingItAway: false, &context)?.sinceNanoseconds
            }
        var remaining = try Int(integer(await_.count, 1...Int64.max, "'count'", at: task, &context))
        context.awaits.begun &+= 1
        task.judging = RandomSeed(context.evaluation.random.next()).stream
        var index = 0
        while index < inbox.entries.count {
            let entry = inbox.entries[index]
            if entry.sequence != task.ownSequence,
                entry.receivedNanoseconds >= since ?? .min || !await_.since.isWritten,
                Self.matches(await_, bytes: .owned(entry.bytes, binary: entry.isBinary), &task, &context)
            {
                _ = inbox.remove(at: index)
                remaining -= 1
                if remaining == 0 {
                    let message = MessageFact.owned(entry.bytes, binary: entry.isBinary)
                    bind(message, receivedNanoseconds: entry.receivedNanoseconds, since, instruction, &task, &context)
                    return true
                }
            } else {
                index += 1
            }
        }
        context.evaluation.message = task.message
        task.parking = .await(index: instruction.a, remaining: remaining, sinceNanoseconds: since)
        task.deadlineNanoseconds = deadline(after: timeout, context)
        return false
    }

    /// Gives a new message to the await that has been parked longest of those that match, else to the inbox.
    mutating func offerToAwaits(_ bytes: UnsafeRawBufferPointer, isBinary: Bool, _ context: inout ExecutionContext) {
        guard context.program.hasAwait, endedBy == nil else { return }
        let message = MessageFact.borrowed(bytes, binary: isBinary)
        for index in tasks.indices {
            guard case .await(let awaitIndex, let remaining, let since) = tasks[index].parking,
                tasks[index].ownSequence != messageSequence
            else { continue }
            let await_ = context.program.pools.awaits[Int(awaitIndex)]
            swap(&context.evaluation.locals, &tasks[index].locals)
            let isMatch = Self.matches(await_, bytes: message, &tasks[index], &context)
            swap(&context.evaluation.locals, &tasks[index].locals)
            guard isMatch else { continue }
            if remaining > 1 {
                tasks[index].parking = .await(
                    index: awaitIndex, remaining: remaining - 1, sinceNanoseconds: since)
                return
            }
            var task = tasks.remove(at: index)
            task.parking = .running
            task.deadlineNanoseconds = .max
            task.dueNanoseconds = context.nowNanoseconds
            let instruction = context.program.instructions[task.address]
            bind(message, receivedNanoseconds: context.nowNanoseconds, since, instruction, &task, &context)
            run(&task, &context)
            return
        }
        guard canReachAwait(context.program) else { return }
        let dropped = inbox.append(
            Inbox.Entry(
                bytes: Array(bytes), isBinary: isBinary, sequence: messageSequence,
                receivedNanoseconds: context.nowNanoseconds))
        for _ in 0..<dropped { context.effects.append(.inboxDropped) }
    }

    /// Whether a task or timer of the session can still come to an await.
    func canReachAwait(_ program: Program) -> Bool {
        guard program.hasAwait else { return false }
        return tasks.contains { program.reachesAwait[$0.address] }
            || timers.contains { program.reachesAwait[Int(program.pools.timers[Int($0.index)].body)] }
    }

    /// The time of an await is up: goes on at its `else`, or fails its check and closes the session.
    mutating func awaitTimedOut(_ task: inout Task, _ context: inout ExecutionContext) {
        let instruction = context.program.instructions[task.address]
        guard instruction.b == Instruction.noOperand else {
            context.awaits.passedOver += 1
            task.address = Int(instruction.b)
            task.parking = .running
            run(&task, &context)
            return
        }
        let await_ = context.program.pools.awaits[Int(instruction.a)]
        let limit =
            if case .nanoseconds(let limit) = await_.timeout {
                "within \(DurationText.text(ofNanoseconds: limit))"
            } else {
                "in time"
            }
        let words = messageSequence == 0 ? "no message came \(limit)" : "no message matched \(limit)"
        failAwait(&task, words, &context)
        close(code: 1000, by: .plan, &context)
    }

    /// The awaits without `else` that the end of the session leaves without their message.
    mutating func failAwaits(_ reason: String, _ context: inout ExecutionContext) {
        for index in tasks.indices {
            guard case .await = tasks[index].parking,
                context.program.instructions[tasks[index].address].b == Instruction.noOperand
            else { continue }
            var task = tasks[index]
            failAwait(&task, reason, &context)
            // It waits for nothing any more, and ends with the session.
            tasks[index].parking = .wait
        }
    }

    private mutating func failAwait(_ task: inout Task, _ reason: String, _ context: inout ExecutionContext) {
        context.awaits.failed += 1
        let instruction = context.program.instructions[task.address]
        let await_ = context.program.pools.awaits[Int(instruction.a)]
        var reason = reason
        var span = context.program.spans[task.address]
        var operands: [Explained] = []
        if let condition = await_.condition, context.isUnexplained(await_.check, inGroup: instruction.group) {
            let expression = context.program.pools.expressions[Int(condition)]
            span = expression.source.span
            let others = inbox.entries.filter { isAwaited($0, by: task, of: await_) }
            if let last = others.last {
                operands = explain(expression, of: last, &task, &context)
                reason += "; the values are those of "
                reason += others.count == 1 ? "the one that came" : "the last of \(others.count) that came"
            }
        }
        judge(
            await_.check, passed: false, reason: reason, at: span, operands: operands, group: instruction.group,
            &context)
    }

    /// Whether a message of the inbox is one that a parked await could have taken.
    private func isAwaited(_ entry: Inbox.Entry, by task: borrowing Task, of await_: Pools.Await) -> Bool {
        guard case .await(_, _, let since) = task.parking else { return false }
        return entry.sequence != task.ownSequence
            && (entry.receivedNanoseconds >= since ?? .min || !await_.since.isWritten)
    }

    /// What a condition saw in a message that did not match.
    private func explain(
        _ condition: Expression, of entry: Inbox.Entry, _ task: inout Task, _ context: inout ExecutionContext
    ) -> [Explained] {
        let message = context.evaluation.message
        swap(&context.evaluation.locals, &task.locals)
        context.evaluation.message = .owned(entry.bytes, binary: entry.isBinary)
        defer {
            swap(&context.evaluation.locals, &task.locals)
            context.evaluation.message = message
        }
        return condition.explain(in: context.evaluation)
    }

    /// Makes `message` the task's own and goes on behind the await.
    private mutating func bind(
        _ message: MessageFact, receivedNanoseconds: Int64, _ since: Int64?, _ instruction: Instruction,
        _ task: inout Task, _ context: inout ExecutionContext
    ) {
        context.awaits.met &+= 1
        if instruction.b != Instruction.noOperand { task.outerMessages.append(task.message) }
        task.message = message
        context.evaluation.message = message
        if let since, receivedNanoseconds >= since {
            context.effects.append(
                .awaited(index: instruction.a, nanoseconds: receivedNanoseconds - since))
        }
        let check = context.program.pools.awaits[Int(instruction.a)].check
        context.effects.append(.check(name: check, passed: true, group: instruction.group))
        task.address += 1
    }

    /// Looking at a message takes no random numbers of what the task does later: how often that is done depends on what
    /// arrives when.
    private static func matches(
        _ await_: Pools.Await, bytes: MessageFact, _ task: inout Task, _ context: inout ExecutionContext
    ) -> Bool {
        guard let condition = await_.condition else { return true }
        swap(&context.evaluation.random, &task.judging)
        defer { swap(&context.evaluation.random, &task.judging) }
        context.evaluation.message = bytes
        context.evaluation.error = task.error
        return context.holds(condition)
    }
}

extension Pools.Await.Since {
    /// Whether the plan says where to count from, so that earlier messages do not match.
    var isWritten: Bool {
        switch self {
        case .send: false
        case .writtenSend, .open, .now, .mark: true
        }
    }
}
