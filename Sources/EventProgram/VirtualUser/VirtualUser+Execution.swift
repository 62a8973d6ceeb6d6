import Diagnostics
import Expressions

/// The interpreter's loop.
extension VirtualUser {
    /// Runs a task until it ends or parks; a parked one is kept.
    mutating func run(_ task: inout Task, _ context: inout ExecutionContext) {
        swap(&context.evaluation.locals, &task.locals)
        context.evaluation.message = task.message
        context.evaluation.random = task.random
        if context.evaluation.error != nil || task.error != nil { context.evaluation.error = task.error }
        do throws(EvaluationError) {
            repeat {
                guard context.budget.spend() else {
                    throw InstructionBudget.exhausted(at: task.address, context.program)
                }
                // What comes before the connect is not put off: it is short, and all of it is one task.
                if context.isInterrupted, phase != .connecting {
                    task.parking = .wait
                    task.deadlineNanoseconds = context.nowNanoseconds
                    break
                }
            } while try step(&task, &context)
        } catch {
            let instruction = context.program.instructions[task.address]
            task.parking = .running
            if task.event != .error { context.budget.refillOnce() }
            let operands = context.explainFirstError(error, of: instruction)
            raise(
                .expression, error.reason, at: error.span, operands: operands, group: instruction.group,
                by: task.event, &context)
        }
        swap(&context.evaluation.locals, &task.locals)
        if case .running = task.parking { return }
        task.random = context.evaluation.random
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
        let instruction = context.image.instructions[task.address]
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
                .constant(context.evaluation.locals[a]), 0...Int64.max, "'repeat'", at: task, &context)
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
        case .sendText, .sendBinary:
            let isBinary = instruction.opcode == .sendBinary
            try send(template: a, isBinary: isBinary, instruction, &task, &context)
        case .sendTyped:
            let template = context.program.pools.templates[a]
            let value = try template.evaluate(in: &context.evaluation)
            if value.byteCount >= Effects.leastWholeByteCount {
                try send(value, instruction, &task, &context)
                break
            }
            let start = context.effects.bytes.count
            if case .bytes(let bytes) = value {
                context.effects.bytes += bytes
            } else {
                guard let text = value.text else {
                    throw EvaluationError(
                        .invalidArgument("the value holds what JSON cannot say"), at: template.source.span)
                }
                context.effects.bytes += text.utf8
            }
            try send(from: start, isBinary: value.type == .bytes, instruction, &task, &context)
        case .sendBase64, .sendHex:
            let start = context.effects.bytes.count
            try renderDecoded(a, from: instruction.opcode == .sendHex ? .hex : .base64, &context)
            try send(from: start, isBinary: true, instruction, &task, &context)
        case .sendRandom:
            let start = context.effects.bytes.count
            let payload = context.program.pools.randomPayloads[a]
            try draw(payload, at: task, &context)
            try send(from: start, isBinary: payload.isBinary, instruction, &task, &context)
        case .ping, .pong:
            let payload = try controlPayload(instruction.a, limit: 125, at: task, &context)
            if refusesToSend(instruction, task, &context) { break }
            context.effects.append(instruction.opcode == .ping ? .ping(payload) : .pong(payload))
        case .close:
            // The reason follows two bytes of code in a payload of 125 (RFC 6455 §5.5.1).
            let reason = try controlPayload(instruction.b, limit: 123, at: task, &context)
            if refusesToSend(instruction, task, &context) { return false }
            var code: Int64 = 1000
            if instruction.a != Instruction.noOperand {
                code = try integer(
                    context.program.pools.values[a], 1000...4999, "the code of a Close frame", at: task, &context)
                guard Self.canClose(with: code) else {
                    throw EvaluationError(
                        .invalidArgument("a Close frame cannot carry the code \(code)"),
                        at: context.program.spans[task.address])
                }
            }
            close(code: UInt16(code), reason: reason, by: .plan, &context)
            return false

        case .startTimer:
            guard try startTimer(instruction, task, &context) else { return false }
        case .cancelTimer:
            cancelTimer(withID: instruction.a, context.program)
        case .wait:
            let duration = try nanoseconds(context.program.pools.durations[a], at: task, &context)
            task.address += 1
            task.parking = .wait
            task.deadlineNanoseconds = deadline(after: duration, context)
            return false
        case .await:
            return try beginAwait(instruction, &task, &context)

        case .mark:
            guard try mark(instruction, task, &context) else { return false }
        case .measure:
            try measure(instruction, at: task, &context)
        case .record:
            try record(instruction, at: task, &context)
        case .check:
            check(instruction, &context)
        case .log:
            let start = context.effects.bytes.count
            try render(a, &context)
            let payload = try payload(from: start, at: task, &context)
            context.effects.append(.log(LogLevel.allCases[Int(instruction.b)], payload))
        case .fail:
            let reason = try text(instruction.a, &context)
            judge(
                instruction.b, passed: false, reason: reason, at: context.program.spans[task.address],
                group: instruction.group, &context)
            if phase == .open, endedBy == nil { close(code: 1000, by: .plan, &context) }
            return false
        case .stopRun:
            let reason = try text(instruction.a, &context)
            let span = context.program.spans[task.address]
            context.effects.append(.stopRun(detail: context.effects.note(reason, at: span)))
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
        let program = context.program
        var order = Effects.ConnectOrder(url: try text(program.target.url, &context))
        for header in program.target.headers { order.headers.append((header.name, try text(header.value, &context))) }
        for subprotocol in program.target.subprotocols { order.subprotocols.append(try text(subprotocol, &context)) }
        if let origin = program.target.origin { order.origin = try text(origin, &context) }
        for cookie in program.target.cookies { order.cookies.append((cookie.name, try text(cookie.value, &context))) }
        context.effects.connectOrders.append(order)
        context.effects.append(.connect(index: context.effects.connectOrders.count - 1))
    }

    private func text(
        _ template: Template, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Effects.ConnectOrder.Text {
        Effects.ConnectOrder.Text(text: try string(template, &context), span: template.source.span)
    }

    // MARK: Checks

    private mutating func check(_ instruction: Instruction, _ context: inout ExecutionContext) {
        let name = context.image.checks[Int(instruction.a)].name
        do throws(EvaluationError) {
            if try context.image.checks[Int(instruction.a)].condition.evaluateCondition(in: &context.evaluation) {
                context.effects.append(.check(name: name, passed: true, group: instruction.group))
            } else {
                checkFailed(instruction, reason: "", &context)
            }
        } catch {
            checkFailed(instruction, reason: error.reason, &context)
        }
    }

    private mutating func checkFailed(
        _ instruction: Instruction, reason: String, _ context: inout ExecutionContext
    ) {
        let check = context.program.pools.checks[Int(instruction.a)]
        context.effects.append(.check(name: check.name, passed: false, group: instruction.group))
        failed = true
        guard context.isFirstFailure(ofCheck: check.name, inGroup: instruction.group) else { return }
        let detail = context.effects.note(
            reason, at: check.condition.source.span, operands: check.condition.explain(in: context.evaluation))
        context.effects.append(.checkFailure(detail: detail))
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
