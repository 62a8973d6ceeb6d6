import Diagnostics
import Expressions

/// Messages and control frames on their way out.
extension VirtualUser {
    mutating func send(
        from start: Int, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        if cannotSend {
            _ = refusesToSend(instruction, task, &context)
            context.effects.bytes.removeSubrange(start...)
            return
        }
        let payload = try payload(from: start, at: task, &context)
        try send(payload, isBinary: isBinary, instruction, &task, &context)
    }

    /// Sends what a template says: as it lies in the program, where nothing in it varies.
    mutating func send(
        template: Int, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        guard let literal = context.image.literal(ofTemplate: template) else {
            let start = context.effects.bytes.count
            try render(template, &context)
            return try send(from: start, isBinary: isBinary, instruction, &task, &context)
        }
        if cannotSend {
            _ = refusesToSend(instruction, task, &context)
            return
        }
        context.effects.count(literal: literal)
        try limitPayloads(to: task.payloadLimit, at: task.address, &context)
        try send(literal, isBinary: isBinary, instruction, &task, &context)
    }

    /// Sends a string as text, or bytes as binary, from where they lie.
    mutating func send(
        _ value: Value, _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        if refusesToSend(instruction, task, &context) { return }
        try limitPayloads(to: task.payloadLimit - value.byteCount, at: task.address, &context)
        let index = context.effects.keep(value)
        let fragments = try fragments(instruction, &task, &context)
        context.effects.append(
            .sendValue(
                index: index, isBinary: value.type == .bytes, fragments: fragments, group: instruction.group))
    }

    private func send(
        _ payload: Effect.Payload, isBinary: Bool, _ instruction: Instruction, _ task: inout Task,
        _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let fragments = try fragments(instruction, &task, &context)
        context.effects.append(
            .send(payload, isBinary: isBinary, fragments: fragments, group: instruction.group))
    }

    /// In how many fragments a message goes out, which it does now.
    private func fragments(
        _ instruction: Instruction, _ task: inout Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> UInt32 {
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
        try context.program.pools.templates[template].render(into: &context.effects.bytes, in: &context.evaluation)
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
        try render(Int(template), &context)
        let payload = try payload(from: start, at: task, &context)
        guard payload.count <= limit else {
            throw EvaluationError(
                .invalidArgument("a control frame has room for \(limit) bytes here, these are \(payload.count)"),
                at: context.program.pools.templates[Int(template)].source.span)
        }
        return payload
    }

    /// What was rendered since `start`, unless that is more than one stimulus may bring about.
    func payload(
        from start: Int, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Effect.Payload {
        do throws(EvaluationError) {
            try limitPayloads(to: task.payloadLimit, at: task.address, &context)
        } catch {
            context.effects.bytes.removeSubrange(start...)
            throw error
        }
        return context.effects.payload(from: start)
    }

    /// Throws where there is more to send or to log than one stimulus may bring about.
    @inline(__always)
    private func limitPayloads(
        to limit: Int, at address: Int, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        guard context.effects.byteCount <= limit else {
            throw EvaluationError(
                .limit("more than \(Effects.byteLimit >> 20) MiB are sent or logged without a wait or an await"),
                at: context.program.spans[address])
        }
    }
}

extension Task {
    /// Bytes that a stimulus may send and log together. What ends a session has the same again, to be able to speak of it.
    @inline(__always)
    fileprivate var payloadLimit: Int { outlivesSession ? 2 * Effects.byteLimit : Effects.byteLimit }
}
