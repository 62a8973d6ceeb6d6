import Diagnostics
import Expressions

/// `mark`, `measure` and `record` (plan-language §3).
extension VirtualUser {
    /// Marks of a session that run at once (plan-language §2).
    static let markLimit = 65_536
    /// The bytes of a mark's key.
    package static let markKeyLimit = 1_024

    /// Sets a mark. False where there is no room for it, which has ended the session and the task.
    mutating func mark(
        _ instruction: Instruction, _ task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Bool {
        let mark = context.image.marks[Int(instruction.a)]
        let started = MarkTable.Mark(sinceNanoseconds: task.dueNanoseconds, text: mark.text)
        let outcome = try withKey(mark.key, at: task, &context) { $0.set($1, to: started) }
        switch outcome {
        case .full:
            raise(
                .generator, "the session has \(Self.markLimit) marks; one more is too many",
                at: context.program.spans[task.address], group: instruction.group, by: task.event, &context)
            return false
        case .replaced(let text): context.marks.texts[text].replaced += 1
        case .added: break
        }
        context.marks.texts[mark.text].set += 1
        return true
    }

    /// Samples the time since a mark, which it takes away, or since a time that the plan has.
    mutating func measure(
        _ instruction: Instruction, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let index = Int(instruction.a)
        let reference = context.image.measures[index].reference
        let elapsed: Int64
        if reference >= 0 {
            guard let mark = try findMark(reference, at: task, takingItAway: true, &context) else { return }
            context.marks.texts[mark.text].measured += 1
            elapsed = context.nowNanoseconds - mark.sinceNanoseconds
        } else {
            elapsed = context.evaluation.wallNanoseconds - (try writtenTime(of: index, &context))
            guard elapsed >= 0 else {
                context.marks.inFuture[index] += 1
                return
            }
        }
        context.effects.append(.measured(index: instruction.a, nanoseconds: elapsed))
    }

    mutating func record(
        _ instruction: Instruction, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) {
        let record = context.program.pools.records[Int(instruction.a)]
        let metric = context.program.pools.metrics[Int(record.metric)]
        let value = try record.value.evaluate(in: &context.evaluation)
        guard let sample = metric.kind.sample(of: value) else {
            throw EvaluationError(
                .invalidArgument(metric.refusal(of: value, masking: context.evaluation.run.secrets)),
                at: context.program.spans[task.address])
        }
        context.effects.append(.recorded(index: instruction.a, sample: sample))
    }

    /// The mark that a place looks for. That there is none is counted.
    mutating func findMark(
        _ reference: Int, at task: Task, takingItAway: Bool, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> MarkTable.Mark? {
        let key = context.image.markReferences[reference]
        let mark = try withKey(key, at: task, &context) { takingItAway ? $0.remove($1) : $0[$1] }
        if mark == nil { context.marks.missing[reference] += 1 }
        return mark
    }

    /// The iteration is over: no mark that still runs will ever be measured.
    mutating func settleMarks(_ context: inout ExecutionContext) {
        let isCut = cut
        marks.removeAll { text in
            if isCut { context.marks.texts[text].cut += 1 } else { context.marks.texts[text].neverMeasured += 1 }
        }
    }

    /// Gives the session's marks and a key to `use`. A rendered key lies in the bytes of the effects for as long.
    private mutating func withKey<Result>(
        _ key: ProgramImage.MarkKey, at task: Task, _ context: inout ExecutionContext,
        _ use: (inout MarkTable, MarkTable.Key) -> Result
    ) throws(EvaluationError) -> Result {
        guard key.slot == Instruction.noOperand else { return use(&marks, .slot(Int(key.slot))) }
        if let literal = context.image.literal(ofTemplate: key.template) {
            return use(&marks, .bytes(context.image.bytes(ofLiteral: literal)))
        }
        let start = context.effects.bytes.count
        defer { context.effects.bytes.removeSubrange(start...) }
        try render(key.template, &context)
        let count = context.effects.bytes.count - start
        guard count > 0 else {
            throw EvaluationError(
                .invalidArgument("the key of a mark is empty"), at: context.program.spans[task.address])
        }
        guard count <= Self.markKeyLimit else {
            throw EvaluationError(
                .limit("the key of a mark has at most \(Self.markKeyLimit) bytes, this one has \(count)"),
                at: context.program.spans[task.address])
        }
        return context.effects.bytes.withUnsafeBytes { bytes in
            use(&marks, .bytes(UnsafeRawBufferPointer(rebasing: bytes[start...])))
        }
    }

    /// What a `since_ms` gives, in nanoseconds since 1970.
    private func writtenTime(
        of index: Int, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Int64 {
        guard case .epochMilliseconds(let index) = context.program.pools.measures[index].since else {
            preconditionFailure("a measure without a time")
        }
        let expression = context.program.pools.expressions[Int(index)]
        let value = try expression.evaluate(in: &context.evaluation)
        let milliseconds = value.asDouble
        guard let milliseconds, Self.writtenMilliseconds.contains(milliseconds) else {
            let shown = value.shown(masking: context.evaluation.run.secrets)
            throw EvaluationError(
                .invalidArgument(
                    "'since_ms' takes milliseconds since 1970, not \(shown)\(Self.likelyUnit(of: milliseconds))"),
                at: expression.source.span)
        }
        return Int64((milliseconds * 1e6).rounded())
    }

    /// From 1973 to 2286: what lies outside is no time at which a message was made, but mostly one in another unit.
    private static let writtenMilliseconds = 1e11...1e13

    /// What a number is that is no milliseconds of our time, in words.
    private static func likelyUnit(of number: Double?) -> String {
        guard let number else { return "" }
        for (factor, unit, remedy) in [
            (1e3, "seconds", "multiply by 1000"), (1e-3, "microseconds", "divide by 1000"),
            (1e-6, "nanoseconds", "divide by 1000000"),
        ] where writtenMilliseconds.contains(number * factor) {
            return ", which may be \(unit): \(remedy)"
        }
        return ""
    }
}
