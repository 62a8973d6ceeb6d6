import Diagnostics
import Expressions

/// Which of the expressions of an instruction a place in the plan belongs to.
extension Program {
    /// The expression among the operands of an instruction that stands around a place; nil where none does. Found by the
    /// instruction, since a block that is used twice has the same text with other variables.
    func expression(of instruction: Instruction, around span: SourceSpan) -> Expression? {
        for source in sources(of: instruction) {
            if let expression = source.expression(around: span) { return expression }
        }
        return nil
    }

    private func sources(of instruction: Instruction) -> [ValueSource] {
        func value(_ operand: UInt32) -> [ValueSource] {
            operand == Instruction.noOperand ? [] : [pools.values[Int(operand)]]
        }
        func template(_ operand: UInt32) -> [ValueSource] {
            operand == Instruction.noOperand ? [] : [.template(pools.templates[Int(operand)])]
        }
        switch instruction.opcode {
        case .setSession, .setLocal: return value(instruction.b)
        case .sendText, .sendTyped, .sendBinary, .sendBase64, .sendHex:
            return template(instruction.a) + value(instruction.b)
        case .sendRandom: return pools.randomPayloads[Int(instruction.a)].size.sources + value(instruction.b)
        case .log, .fail, .stopRun, .ping, .pong: return template(instruction.a)
        case .close: return value(instruction.a) + template(instruction.b)
        case .wait: return pools.durations[Int(instruction.a)].sources
        case .await:
            let await_ = pools.awaits[Int(instruction.a)]
            guard case .mark(let reference) = await_.since else { return await_.timeout.sources + [await_.count] }
            return await_.timeout.sources + [await_.count] + template(pools.markReferences[Int(reference)].key)
        case .mark: return template(pools.marks[Int(instruction.a)].key)
        case .measure:
            switch pools.measures[Int(instruction.a)].since {
            case .mark(let reference): return template(pools.markReferences[Int(reference)].key)
            case .epochMilliseconds(let expression): return [.expression(pools.expressions[Int(expression)])]
            }
        case .record: return [pools.records[Int(instruction.a)].value]
        case .startTimer: return pools.timers[Int(instruction.a)].schedule.sources
        case .connect: return target.templates.map { .template($0) }
        // A condition is false where it cannot be evaluated, and a check has failed: neither is an error.
        case .end, .jump, .unless, .repeatNext, .forNext, .unbindMessage, .cancelTimer, .check: return []
        }
    }
}

extension ValueSource {
    fileprivate func expression(around span: SourceSpan) -> Expression? {
        switch self {
        case .constant: nil
        case .expression(let expression): expression.source.span.contains(span) ? expression : nil
        case .template(let template): template.expression(around: span)
        case .list(let elements): elements.lazy.compactMap { $0.expression(around: span) }.first
        case .map(let entries): entries.lazy.compactMap { $0.value.expression(around: span) }.first
        }
    }
}

extension SizeSource {
    fileprivate var sources: [ValueSource] {
        switch self {
        case .bytes: []
        case .template(let template): [.template(template)]
        }
    }
}

extension DurationSource {
    fileprivate var sources: [ValueSource] {
        switch self {
        case .nanoseconds: []
        case .template(let template): [.template(template)]
        case .between(let low, let high): low.sources + high.sources
        }
    }
}

extension Pools.Timer.Schedule {
    fileprivate var sources: [ValueSource] {
        switch self {
        case .after(let delay): delay.sources
        case .every(let interval, let first, let jitter, let times):
            interval.sources + (first?.sources ?? []) + (jitter?.sources ?? []) + (times.map { [$0] } ?? [])
        }
    }
}

extension Target {
    /// All that is rendered for a request.
    fileprivate var templates: [Template] {
        [url] + headers.map(\.value) + subprotocols + (origin.map { [$0] } ?? []) + cookies.map(\.value)
    }
}
