import Diagnostics
import Expressions

/// The life of a session, from the connect to the end of its last task (plan-language §2).
extension VirtualUser {
    mutating func start(runIteration number: Int64, rows: [DealtRow], _ context: inout ExecutionContext) {
        precondition(phase == .idle, "an iteration was started while another is under way")
        iteration += 1
        runIteration = number
        randomness.begin(iteration: iteration, of: context.image)
        context.evaluation.vuIteration = iteration
        context.evaluation.runIteration = number
        phase = .connecting
        endedBy = nil
        failed = false
        cut = false
        messageSequence = 0
        closeFact = nil
        context.evaluation.response = nil
        let program = context.program
        for slot in program.vuVariableCount..<program.variableCount { context.evaluation.variables[slot] = .null }
        for dealt in rows { context.evaluation.variables[dealt.slot] = dealt.row }

        if !hasVUVariables {
            guard runPrologue(program.vuPrologue, &context) else { return }
            hasVUVariables = true
        }
        _ = runPrologue(program.iterationPrologue, &context)
    }

    /// Evaluates variables, or variables and the target. False where that raised an error: there is no session then.
    private mutating func runPrologue(_ prologue: Program.Prologue, _ context: inout ExecutionContext) -> Bool {
        var task = newTask(
            at: prologue.address, event: .open, localCount: prologue.localCount, message: .none, context)
        task.random = randomness.ofPrologue(at: prologue.address)
        run(&task, &context)
        guard endedBy == nil else {
            phase = .over
            return false
        }
        return true
    }

    mutating func opened(
        _ response: ResponseFact, afterNanoseconds duration: Int64, _ context: inout ExecutionContext
    ) {
        guard phase == .connecting else { return }
        phase = .open
        openedNanoseconds = context.nowNanoseconds
        if context.program.readsResponse { context.evaluation.response = response }
        guard judgeOpening(response, afterNanoseconds: duration, &context) else {
            close(code: 1000, by: .plan, &context)
            return
        }
        if let limit = context.program.timeouts.sessionNanoseconds {
            sessionDeadlineNanoseconds = context.nowNanoseconds + limit
        }
        startHandlers(of: .open, message: .none, &context)
    }

    mutating func connectFailed(
        _ kind: ErrorKind, _ message: String, _ response: ResponseFact?, at span: SourceSpan?,
        _ context: inout ExecutionContext
    ) {
        guard phase == .connecting else { return }
        phase = .over
        guard !cut else { return }
        context.evaluation.response = response
        let answer = kind == .httpStatus ? response : nil
        if !judgeFailedConnect(kind, answer, message, at: span, &context) { raise(kind, message, at: span, &context) }
    }

    mutating func peerClosing(code: UInt16, reason: String, _ context: inout ExecutionContext) {
        guard phase == .open, endedBy == nil else { return }
        let expectations = context.program.expectations
        let isExpected = expectations.closeCodes.contains(code)
        let what = code == 1005 ? "the peer closed without a code" : "the peer closed with \(code)"
        failAwaits(what, &context)
        end(by: .peer, &context)
        if let name = expectations.closeCheck, isExpected || !expectations.errors.contains(.closeCode) {
            judge(name, passed: isExpected, reason: what, at: expectations.closeSpan, &context)
        }
        if !isExpected {
            let words = reason.isEmpty ? "" : ": \(reason)"
            raise(.closeCode, what + words, at: expectations.closeSpan, &context)
        }
    }

    mutating func sessionFailed(_ kind: ErrorKind, _ message: String, _ context: inout ExecutionContext) {
        guard phase == .open else { return }
        // A close that the end of the load began has neither passed nor failed, however the peer takes it.
        guard endedBy != .loadEnd else { return }
        if endedBy == nil {
            failAwaits("the connection failed: \(message)", &context)
            end(by: .error, &context)
        }
        raise(kind, message, at: nil, &context)
    }

    mutating func closed(code: UInt16, reason: String, _ context: inout ExecutionContext) {
        guard phase == .open else { return }
        let initiator = endedBy ?? .peer
        end(by: initiator, &context)
        phase = .over
        context.effects.append(.sessionClosed(code: code, by: initiator))
        judgeEnd(by: initiator, &context)
        let fact = CloseFact(code: Int64(code), reason: reason, by: initiator)
        closeFact = fact
        context.evaluation.close = fact
        startErrorHandlers(&context)
        startHandlers(of: .close, message: .none, &context)
    }

    mutating func loadEnded(_ context: inout ExecutionContext) {
        switch phase {
        case .idle, .over: return
        case .connecting:
            cut = true
            endedBy = .loadEnd
            phase = .over
            context.effects.append(.abandonConnect)
        case .open:
            guard endedBy == nil else { return }
            cut = true
            close(code: 1001, by: .loadEnd, &context)
        }
    }

    mutating func abandoned(_ context: inout ExecutionContext) {
        guard phase != .idle else { return }
        loadEnded(&context)
        cut = true
        if phase == .open {
            context.effects.append(.abort)
            context.effects.append(.sessionClosed(code: 1006, by: endedBy ?? .loadEnd))
        }
        phase = .over
        timers.removeAll()
        leaveAwaits(&context)
        tasks.removeAll()
        raisedErrors.removeAll()
    }

    // MARK: Ending

    /// Begins the close handshake, which ends the session.
    mutating func close(
        code: UInt16, reason: Effect.Payload = .empty, by initiator: CloseFact.Initiator,
        _ context: inout ExecutionContext
    ) {
        context.effects.append(.close(code: code, reason: reason))
        end(by: initiator, &context)
    }

    /// From here on nothing happens in the session but its `on_error` and `on_close`.
    mutating func end(by initiator: CloseFact.Initiator, _ context: inout ExecutionContext) {
        if endedBy == nil { endedBy = initiator }
        sessionDeadlineNanoseconds = .max
        timers.removeAll()
        leaveAwaits(&context)
        if !tasks.isEmpty { tasks.removeAll { !$0.outlivesSession } }
        inbox.removeAll()
    }

    /// Counts the awaits whose tasks are given up.
    private func leaveAwaits(_ context: inout ExecutionContext) {
        for index in tasks.indices {
            if case .await = tasks[index].parking { context.awaits.left += 1 }
        }
    }

    /// Counts an error, which fails the session unless it is an expected one, and lets `on_error` handle it. But for sending after the close, an error ends the session.
    mutating func raise(
        _ kind: ErrorKind, _ message: String, at span: SourceSpan?, operands: [Explained] = [],
        group: UInt16 = Instruction.noGroup, by event: Program.Event? = nil, _ context: inout ExecutionContext
    ) {
        if !context.program.expectations.errors.contains(kind) { failed = true }
        let detail = context.effects.note(message, at: span, operands: operands)
        context.effects.append(.error(kind, detail: detail, group: group))
        // What an error handler does wrong starts no second one, or a `send` in it would go on for ever.
        if event != .error { raisedErrors.append(ErrorFact(kind: kind, message: message)) }
        guard kind != .closeSent else { return }
        if phase == .open, endedBy == nil {
            // 1011: it met a condition that prevented it from going on (RFC 6455 §7.4.1).
            close(code: 1011, by: .error, &context)
        } else {
            end(by: .error, &context)
        }
    }

    mutating func startErrorHandlers(_ context: inout ExecutionContext) {
        guard !raisedErrors.isEmpty else { return }
        // An index, since there may be very many; all are counted, whether there is time to handle them or not.
        var index = 0
        while index < raisedErrors.count, !context.budget.isSpent {
            startHandlers(of: .error, message: .none, error: raisedErrors[index], &context)
            index += 1
        }
        raisedErrors.removeAll()
    }

    /// A sample of `checks` that is no `check` step's. Words are made of the first of its name to fail.
    mutating func judge(
        _ name: UInt32, passed: Bool, reason: @autoclosure () -> String, at span: SourceSpan?,
        operands: @autoclosure () -> [Explained] = [], group: UInt16 = Instruction.noGroup,
        _ context: inout ExecutionContext
    ) {
        context.effects.append(.check(name: name, passed: passed, group: group))
        guard !passed else { return }
        failed = true
        guard context.isFirstFailure(ofCheck: name, inGroup: group) else { return }
        context.effects.append(.checkFailure(detail: context.effects.note(reason(), at: span, operands: operands())))
    }
}

extension Effect.Payload {
    static let empty = Effect.Payload(start: 0, count: 0)
}
