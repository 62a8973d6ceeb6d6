import Diagnostics
import Expressions

/// Messages and control frames on their way out.
extension VirtualUser {
    /// Sends what a template says.
    mutating func send(
        template: Int, isBinary: Bool, _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        if let constant = context.image.constantText(ofTemplate: template), constant.count >= Effects.wholeByteCount,
            let constant = context.program.pools.templates[template].constant
        {
            return try send(whole: .bytes(constant), isBinary: isBinary, instruction, &task, &context)
        }
        let start = context.effects.bytes.count
        try render(template, &context)
        try send(from: start, isBinary: isBinary, instruction, &task, &context)
    }

    /// Sends what an expression gives: bytes as binary, everything else as text.
    mutating func sendTyped(
        _ template: Template, _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let value = try template.evaluate(in: &context.evaluation)
        let isBinary = value.type == .bytes
        if value.byteCount >= Effects.wholeByteCount {
            return try send(whole: value, isBinary: isBinary, instruction, &task, &context)
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
        try send(from: start, isBinary: isBinary, instruction, &task, &context)
    }

    /// Sends what was appended to the bytes of the effects since `start`.
    mutating func send(
        from start: Int, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        guard let fragments = try fragments(instruction, &task, &context) else {
            context.effects.bytes.removeSubrange(start...)
            return
        }
        if context.effects.byteCount > Effects.byteLimit { _ = try payload(from: start, at: task, &context) }
        let payload = context.effects.payload(from: start)
        context.effects.append(
            .send(payload, isBinary: isBinary, fragments: fragments, group: instruction.group))
    }

    /// Sends a string or bytes without a copy of them.
    private mutating func send(
        whole value: Value, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        guard let fragments = try fragments(instruction, &task, &context) else { return }
        guard context.effects.byteCount + value.byteCount <= byteLimit(of: task) else {
            throw tooManyBytes(at: task, context)
        }
        let index = context.effects.keep(value)
        context.effects.append(
            .sendValue(index: index, isBinary: isBinary, fragments: fragments, group: instruction.group))
    }

    /// In how many fragments a message is sent now; nil where nothing can be sent.
    private mutating func fragments(
        _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> UInt32? {
        if refusesToSend(instruction, task, &context) { return nil }
        var fragments: Int64 = 1
        if instruction.b != Instruction.noOperand {
            fragments = try integer(
                context.program.pools.values[Int(instruction.b)], 1...1_000_000, "'fragments'", at: task, &context)
        }
        task.sentNanoseconds = task.dueNanoseconds
        return UInt32(fragments)
    }

    /// Appends what a template says to the bytes of the effects.
    func render(_ template: Int, _ context: inout ExecutionContext) throws(EvaluationError) {
        if let text = context.image.constantText(ofTemplate: template) {
            context.effects.bytes.append(contentsOf: text)
        } else {
            try context.program.pools.templates[template].render(
                into: &context.effects.bytes, in: &context.evaluation)
        }
    }

    /// Appends the bytes that the text of a template stands for to those of the effects.
    func renderDecoded(
        _ template: Int, from encoding: BinaryEncoding, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let source = context.program.pools.templates[template]
        var text: [UInt8] = []
        try source.render(into: &text, in: &context.evaluation)
        do throws(BinaryEncoding.Problem) {
            context.effects.bytes += try encoding.decode(text)
        } catch {
            throw EvaluationError(.invalidArgument(error.inWords), at: source.source.span)
        }
    }

    /// Appends a random payload, of this task's random numbers, to the bytes of the effects.
    func draw(
        _ payload: Pools.RandomPayload, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let count = try bytes(payload.size, at: task, &context)
        if payload.isBinary {
            context.evaluation.random.appendBytes(count, to: &context.effects.bytes)
        } else {
            context.evaluation.random.appendCharacters(count, to: &context.effects.bytes)
        }
    }

    /// Nothing is sent after our own close; an attempt is an error, and the task goes on.
    mutating func refusesToSend(
        _ instruction: Instruction, _ task: Task, _ context: inout ExecutionContext
    ) -> Bool {
        guard cannotSend else { return false }
        raise(
            .closeSent, "nothing can be sent: the session has ended", at: context.program.spans[task.address],
            group: instruction.group, by: task.event, &context)
        return true
    }

    /// The rendered payload of a control frame (at most 125 bytes, RFC 6455 §5.5).
    func controlPayload(
        _ template: UInt32, limit: Int, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Effect.Payload {
        guard template != Instruction.noOperand else { return .empty }
        let start = context.effects.bytes.count
        let source = context.program.pools.templates[Int(template)]
        try source.render(into: &context.effects.bytes, in: &context.evaluation)
        let payload = try payload(from: start, at: task, &context)
        guard payload.count <= limit else {
            throw EvaluationError(
                .invalidArgument("a control frame has room for \(limit) bytes here, these are \(payload.count)"),
                at: source.source.span)
        }
        return payload
    }

    /// What was rendered since `start`, unless that is more than one stimulus may bring about.
    func payload(
        from start: Int, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Effect.Payload {
        guard context.effects.byteCount <= byteLimit(of: task) else {
            context.effects.bytes.removeSubrange(start...)
            throw tooManyBytes(at: task, context)
        }
        return context.effects.payload(from: start)
    }

    /// What ends a session has the same again, to be able to speak of it.
    private func byteLimit(of task: Task) -> Int {
        task.outlivesSession ? 2 * Effects.byteLimit : Effects.byteLimit
    }

    private func tooManyBytes(at task: Task, _ context: ExecutionContext) -> EvaluationError {
        EvaluationError(
            .limit("more than \(Effects.byteLimit >> 20) MiB are sent or logged without a wait or an await"),
            at: context.program.spans[task.address])
    }
}
