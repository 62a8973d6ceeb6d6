import Expressions

/// Events that start handlers.
extension VirtualUser {
    mutating func received(_ bytes: UnsafeRawBufferPointer, isBinary: Bool, _ context: inout ExecutionContext) {
        guard phase == .open, endedBy == nil else { return }
        messageSequence += 1
        let message = MessageFact.borrowed(bytes, binary: isBinary)
        startHandlers(of: .message, message: message, &context)
        offerToAwaits(bytes, isBinary: isBinary, &context)
    }

    /// A Ping or Pong. Its payload is no `message`.
    mutating func observed(_ event: Program.Event, _ context: inout ExecutionContext) {
        guard phase == .open, endedBy == nil, context.program.handles(event) else { return }
        startHandlers(of: event, message: .none, &context)
    }

    /// Starts the handlers of an event in their order. One that ends the session is the last of those that live in it.
    mutating func startHandlers(
        of event: Program.Event, message: MessageFact, error: ErrorFact? = nil, _ context: inout ExecutionContext
    ) {
        let task = context.starting
        for handler in context.image.handlers(of: event) {
            task.pointee.begin(
                event, at: handler.address, localCount: handler.localCount, message: message, error: error,
                ownSequence: event == .message ? messageSequence : 0, dueNanoseconds: context.nowNanoseconds)
            guard endedBy == nil || task.pointee.outlivesSession else { return }
            if handler.condition != Instruction.noOperand {
                context.evaluation.message = message
                context.evaluation.error = error
                context.evaluation.random = randomness.ofCondition(of: handler)
                let holds = context.holds(handler.condition)
                randomness.keep(context.evaluation.random, ofConditionOf: handler)
                guard holds else { continue }
            }
            task.pointee.random = randomness.ofRun(of: handler)
            run(&task.pointee, &context)
        }
    }

    func newTask(
        at address: UInt32, event: Program.Event, localCount: Int, message: MessageFact, _ context: ExecutionContext
    ) -> Task {
        var task = Task(address: Int(address), event: event)
        task.begin(
            event, at: address, localCount: localCount, message: message, error: nil,
            ownSequence: event == .message ? messageSequence : 0, dueNanoseconds: context.nowNanoseconds)
        return task
    }

    /// Adds a parked task, unless the session has as many as it may have.
    mutating func park(_ task: consuming Task, _ context: inout ExecutionContext) {
        guard hasRoomForTask(at: task, &context) else {
            if case .await = task.parking { context.awaits.left += 1 }
            return
        }
        task.order = takeOrder()
        tasks.append(task)
    }

    /// Raises `generator` where one task or timer more, by what `task` does now, would be too many.
    mutating func hasRoomForTask(at task: borrowing Task, _ context: inout ExecutionContext) -> Bool {
        guard tasks.count + timers.count >= Self.taskLimit else { return true }
        raise(
            .generator, "the session has \(Self.taskLimit) tasks and timers; one more is too many",
            at: context.program.spans[task.address], group: context.program.instructions[task.address].group,
            by: task.event, &context)
        return false
    }
}
