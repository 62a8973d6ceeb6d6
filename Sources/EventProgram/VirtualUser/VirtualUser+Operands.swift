import Diagnostics
import Expressions
import Quantities

/// The values that the operands of instructions have now.
extension VirtualUser {
    func value(
        _ index: UInt32, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Value {
        try context.program.pools.values[Int(index)].evaluate(in: &context.evaluation)
    }

    func text(_ template: UInt32, _ context: inout ExecutionContext) throws(EvaluationError) -> String {
        try string(context.program.pools.templates[Int(template)], &context)
    }

    func string(_ template: Template, _ context: inout ExecutionContext) throws(EvaluationError) -> String {
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
        _ source: DurationSource, at task: Task, _ context: inout ExecutionContext
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
            let low = try nanoseconds(low, at: task, &context)
            let high = try nanoseconds(high, at: task, &context)
            guard low <= high else {
                throw EvaluationError(
                    .invalidArgument("'max' is shorter than 'min'"), at: context.program.spans[task.address])
            }
            return low + Int64(context.evaluation.random.next(below: UInt64(high - low) + 1))
        }
    }

    /// A number of bytes that one message may have.
    func bytes(
        _ source: SizeSource, at task: Task, _ context: inout ExecutionContext
    ) throws(EvaluationError) -> Int {
        switch source {
        case .bytes(let bytes): return bytes
        case .template(let template):
            let text = try string(template, &context)
            guard let bytes = try? SizeText.bytes(of: text) else {
                throw EvaluationError(
                    .invalidArgument("'\(text)' is no size: it takes a number and a unit, like 64KiB or 1MB"),
                    at: template.source.span)
            }
            guard bytes <= Effects.byteLimit else {
                throw EvaluationError(
                    .limit("\(text) are too much for one message: \(Effects.byteLimit >> 20) MiB are allowed"),
                    at: template.source.span)
            }
            return bytes
        }
    }

    func deadline(after nanoseconds: Int64, _ context: ExecutionContext) -> Int64 {
        let (sum, overflow) = context.nowNanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .max : sum
    }
}
