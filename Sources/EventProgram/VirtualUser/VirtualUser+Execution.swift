import Diagnostics
import Expressions
import Quantities

/// The interpreter's loop.
extension VirtualUser {
    /// Instructions that one task may execute without parking; a loop that never waits would hold up every other user.
    static let instructionLimit = 1_000_000

    /// Runs a task until it ends or parks; a parked one is kept.
    mutating func run(_ task: inout Task, _ context: inout ExecutionContext) {
        swap(&context.evaluation.locals, &task.locals)
        context.evaluation.message = task.message
        context.evaluation.error = task.error
        var budget = Self.instructionLimit
        do throws(EvaluationError) {
            while try step(&task, &context) {
                budget -= 1
                if budget == 0 {
                    throw EvaluationError(
                        .limit("the task ran \(Self.instructionLimit) steps without a wait or an await"),
                        at: context.program.spans[task.address])
                }
            }
        } catch {
            let instruction = context.program.instructions[task.address]
            task.parking = .running
            raise(.expression, error.reason, at: error.span, group: instruction.group, by: task.event, &context)
        }
        swap(&context.evaluation.locals, &task.locals)
        if case .running = task.parking { return }
        task.message = keptMessage(of: task, context)
        if let last = task.outerMessages.indices.last, context.program.reachesMessage[task.address] {
            for index in 0...last { task.outerMessages[index] = owned(task.outerMessages[index]) }
        }
        park(task, &context)
    }

    /// Executes one instruction. False when the task has ended or parked; `task.address` is then where it goes on.
    private mutating func step(
        _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Bool {
        let program = context.program
        let instruction = program.instructions[task.address]
        let a = Int(instruction.a)
        switch instruction.opcode {
        case .end:
            return false
        case .jump:
            task.address = a
            return true
        case .unless:
            task.address = context.holds(instruction.a) ? task.address + 1 : Int(instruction.b)
            return true
        case .repeatNext:
            let count = try integer(
                .constant(context.evaluation.locals[a]), 0...Int64.max, "repeat", at: task, &context)
            context.evaluation.locals[a] = .int(count - 1)
            task.address = count == 0 ? Int(instruction.b) : task.address + 1
            return true
        case .forNext:
            try stepFor(instruction, &task, &context)
            return true

        case .setSession:
            context.evaluation.variables[a] = try value(instruction.b, &context)
        case .setLocal:
            context.evaluation.locals[a] = try value(instruction.b, &context)
        case .unbindMessage:
            task.message = task.outerMessages.removeLast()
            context.evaluation.message = task.message

        case .connect:
            try connect(&context)
        case .sendText:
            let start = context.effects.bytes.count
            try program.pools.templates[a].render(into: &context.effects.bytes, in: &context.evaluation)
            try send(from: start, isBinary: false, instruction, &task, &context)
        case .sendTyped:
            let start = context.effects.bytes.count
            let isBinary: Bool
            let template = program.pools.templates[a]
            switch try template.evaluate(in: &context.evaluation) {
            case .string(var text):
                text.withUTF8 { context.effects.bytes.append(contentsOf: $0) }
                isBinary = false
            case .bytes(let bytes):
                context.effects.bytes.append(contentsOf: bytes)
                isBinary = true
            case .list, .map, .null, .bool, .int, .uint, .double:
                try template.render(into: &context.effects.bytes, in: &context.evaluation)
                isBinary = false
            }
            try send(from: start, isBinary: isBinary, instruction, &task, &context)
        case .ping, .pong:
            let payload = try controlPayload(instruction.a, limit: 125, &context)
            if refusesToSend(instruction, task, &context) { break }
            context.effects.append(instruction.opcode == .ping ? .ping(payload) : .pong(payload))
        case .close:
            // The reason follows two bytes of code in a payload of 125 (RFC 6455 §5.5.1).
            let reason = try controlPayload(instruction.b, limit: 123, &context)
            if refusesToSend(instruction, task, &context) { return false }
            var code: Int64 = 1000
            if instruction.a != Instruction.noOperand {
                code = try integer(program.pools.values[a], 1000...4999, "code", at: task, &context)
                guard Self.canClose(with: code) else {
                    throw EvaluationError(
                        .invalidArgument("a Close frame cannot carry the code \(code)"), at: program.spans[task.address]
                    )
                }
            }
            close(code: UInt16(code), reason: reason, by: .plan, &context)
            return false

        case .startTimer:
            try startTimer(instruction, task, &context)
        case .cancelTimer:
            timers.removeAll { $0.index == instruction.a }
        case .wait:
            let duration = try nanoseconds(program.pools.durations[a], &context)
            task.address += 1
            task.parking = .wait
            task.deadlineNanoseconds = deadline(after: duration, context)
            return false
        case .await:
            return try beginAwait(instruction, &task, &context)

        case .check:
            check(instruction, &context)
        case .log:
            let start = context.effects.bytes.count
            try program.pools.templates[a].render(into: &context.effects.bytes, in: &context.evaluation)
            let level = LogLevel(rawValue: UInt8(truncatingIfNeeded: instruction.b)) ?? .info
            context.effects.append(.log(level, context.effects.payload(from: start)))
        case .fail:
            let reason = try text(instruction.a, &context)
            judge(
                instruction.b, passed: false, reason: reason, at: program.spans[task.address],
                group: instruction.group, &context)
            if phase == .open, endedBy == nil { close(code: 1000, by: .plan, &context) }
            return false
        case .stopRun:
            let reason = try text(instruction.a, &context)
            context.effects.append(.stopRun(detail: context.effects.note(reason, at: program.spans[task.address])))
            return false
        }
        task.address += 1
        return true
    }

    private func stepFor(
        _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let slot = Int(instruction.a)
        guard case .list(let list) = context.evaluation.locals[slot],
            case .int(let index) = context.evaluation.locals[slot + 1]
        else {
            throw EvaluationError(
                .wrongType(operation: "for … in", context.evaluation.locals[slot].type),
                at: context.program.spans[task.address])
        }
        guard index < list.count else {
            task.address = Int(instruction.b)
            return
        }
        context.evaluation.locals[slot + 1] = .int(index + 1)
        context.evaluation.locals[slot + 2] = list[Int(index)]
        task.address += 1
    }

    private func connect(_ context: inout ExecutionContext) throws(EvaluationError) {
        let target = context.program.target
        var order = Effects.ConnectOrder(
            url: try string(target.url, &context), urlSpan: target.url.source.span, headers: [], subprotocols: [])
        for header in target.headers {
            order.headers.append((header.name, try string(header.value, &context), header.value.source.span))
        }
        for subprotocol in target.subprotocols { order.subprotocols.append(try string(subprotocol, &context)) }
        context.effects.connectOrders.append(order)
        context.effects.append(.connect(index: context.effects.connectOrders.count - 1))
    }

    // MARK: Sending

    private mutating func send(
        from start: Int, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        if refusesToSend(instruction, task, &context) {
            context.effects.bytes.removeSubrange(start...)
            return
        }
        var fragments: Int64 = 1
        if instruction.b != Instruction.noOperand {
            fragments = try integer(
                context.program.pools.values[Int(instruction.b)], 1...65_536, "fragments", at: task, &context)
        }
        task.sentNanoseconds = task.dueNanoseconds
        let payload = context.effects.payload(from: start)
        context.effects.append(
            .send(payload, isBinary: isBinary, fragments: UInt32(fragments), group: instruction.group))
    }

    /// Nothing is sent after our own close; an attempt is an error, and the task goes on.
    private mutating func refusesToSend(
        _ instruction: Instruction, _ task: Task, _ context: inout ExecutionContext
    ) -> Bool {
        guard cannotSend else { return false }
        raise(
            .closeSent, "nothing can be sent: the session has ended", at: context.program.spans[task.address],
            group: instruction.group, by: task.event, &context)
        return true
    }

    /// The rendered payload of a control frame (at most 125 bytes, RFC 6455 §5.5).
    private func controlPayload(
        _ template: UInt32, limit: Int, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Effect.Payload {
        guard template != Instruction.noOperand else { return .empty }
        let start = context.effects.bytes.count
        let source = context.program.pools.templates[Int(template)]
        try source.render(into: &context.effects.bytes, in: &context.evaluation)
        let payload = context.effects.payload(from: start)
        guard payload.count <= limit else {
            throw EvaluationError(
                .invalidArgument("a control frame has room for \(limit) bytes here, this is \(payload.count)"),
                at: source.source.span)
        }
        return payload
    }

    // MARK: Checks

    private mutating func check(_ instruction: Instruction, _ context: inout ExecutionContext) {
        let check = context.program.pools.checks[Int(instruction.a)]
        let passed: Bool
        var reason = ""
        do {
            passed = try check.condition.evaluateCondition(in: &context.evaluation)
        } catch {
            passed = false
            reason = error.reason
        }
        context.effects.append(.check(name: check.name, passed: passed, group: instruction.group))
        guard !passed else { return }
        failed = true
        guard context.isFirstFailure(ofCheck: check.name) else { return }
        let operands = check.condition.explain(in: context.evaluation).map {
            Effects.Detail.Operand(text: $0.source, value: $0.value, span: $0.span)
        }
        let detail = context.effects.note(reason, at: check.condition.source.span, operands: operands)
        context.effects.append(.checkFailure(detail: detail))
    }

    // MARK: Operands

    private func value(
        _ index: UInt32, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Value {
        try context.program.pools.values[Int(index)].evaluate(in: &context.evaluation)
    }

    private func text(_ template: UInt32, _ context: inout ExecutionContext) throws(EvaluationError) -> String {
        try string(context.program.pools.templates[Int(template)], &context)
    }

    private func string(_ template: Template, _ context: inout ExecutionContext) throws(EvaluationError) -> String {
        var bytes: [UInt8] = []
        try template.render(into: &bytes, in: &context.evaluation)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A whole number within a range, or its digits.
    func integer(
        _ source: ValueSource, _ range: ClosedRange<Int64>, _ what: String, at task: Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Int64 {
        let value = try source.evaluate(in: &context.evaluation)
        let number: Int64? =
            switch value {
            case .int(let number): number
            case .uint(let number): Int64(exactly: number)
            case .double(let number): Int64(exactly: number)
            case .string(let digits): Int64(digits)
            case .null, .bool, .bytes, .list, .map: nil
            }
        guard let number, range.contains(number) else {
            let limits =
                range.upperBound == .max
                ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw EvaluationError(
                .invalidArgument("\(what) takes a whole number \(limits)"), at: context.program.spans[task.address])
        }
        return number
    }

    /// The length of a duration in nanoseconds.
    func nanoseconds(
        _ source: DurationSource, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Int64 {
        switch source {
        case .nanoseconds(let nanoseconds): return nanoseconds
        case .template(let template):
            let text = try string(template, &context)
            guard let nanoseconds = try? DurationText.nanoseconds(of: text) else {
                throw EvaluationError(
                    .invalidArgument("'\(text)' is no duration: it takes a number and a unit, like 250ms or 2s"),
                    at: template.source.span)
            }
            return nanoseconds
        case .between(let low, let high):
            let low = try nanoseconds(low, &context)
            let high = try nanoseconds(high, &context)
            guard low < high else { return low }
            return low + Int64(context.evaluation.random.next(below: UInt64(high - low) + 1))
        }
    }

    func deadline(after nanoseconds: Int64, _ context: ExecutionContext) -> Int64 {
        let (sum, overflow) = context.nowNanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .max : sum
    }

    // MARK: Messages that outlive their stimulus

    /// The task's message for when it goes on: a copy, or nothing where the task cannot look at it any more.
    private func keptMessage(of task: Task, _ context: ExecutionContext) -> MessageFact {
        context.program.reachesMessage[task.address] ? owned(task.message) : .none
    }

    func owned(_ message: MessageFact) -> MessageFact {
        if case .borrowed(let bytes, let isBinary) = message { .owned(Array(bytes), binary: isBinary) } else { message }
    }
}
