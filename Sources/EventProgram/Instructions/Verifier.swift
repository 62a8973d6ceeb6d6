import Diagnostics

/// Why a program must not run: a defect of the compiler that made it.
package struct VerificationError: Error, Hashable, Sendable {
    package var address: Int?
    package var reason: String
}

/// Checks what the interpreter relies on: every operand in its pool, every jump inside the code, no way past its end, and
/// no instruction where it has no meaning.
struct Verifier {
    let instructions: [Instruction]
    let spans: [SourceSpan]
    let pools: Pools
    let handlers: [Program.Handler]
    let entries: [Program.Prologue]
    let expectations: Expectations
    let data: [Program.DataSource]
    let variableCount: Int

    func verify() throws(VerificationError) {
        guard instructions.count == spans.count else {
            throw VerificationError(
                address: nil, reason: "\(instructions.count) instructions have \(spans.count) spans")
        }
        for entry in entries { try verifyEntry(entry.address, "a prologue") }
        for handler in handlers {
            try verifyEntry(handler.address, "a handler of \(handler.event)")
            if let condition = handler.condition {
                try verify(condition, in: pools.expressions.count, "expression", nil)
            }
        }
        for timer in pools.timers {
            try verifyEntry(timer.body, "the body of a timer")
            if let id = timer.id { try verify(id, in: pools.timerIDs.count, "timer id", nil) }
        }
        for check in pools.checks { try verify(check.name, in: pools.checkNames.count, "check name", nil) }
        for await_ in pools.awaits {
            try verify(await_.check, in: pools.checkNames.count, "check name", nil)
            if let condition = await_.condition {
                try verify(condition, in: pools.expressions.count, "expression", nil)
            }
        }
        try verifyMetrics()
        for check in expectations.checks { try verify(check, in: pools.checkNames.count, "check name", nil) }
        for source in data { try verify(UInt32(source.slot), in: variableCount, "variable", nil) }
        for address in instructions.indices { try verifyInstruction(at: address) }
    }

    private func verifyMetrics() throws(VerificationError) {
        for mark in pools.marks {
            try verify(mark.key, in: pools.templates.count, "template", nil)
            try verify(mark.text, in: pools.markTexts.count, "text of a mark", nil)
        }
        for reference in pools.markReferences {
            try verify(reference.key, in: pools.templates.count, "template", nil)
        }
        for await_ in pools.awaits {
            guard case .mark(let reference) = await_.since else { continue }
            try verify(reference, in: pools.markReferences.count, "reference to a mark", nil)
        }
        for measure in pools.measures {
            try verify(measure.metric, in: pools.metrics.count, "metric", nil)
            guard pools.metrics[Int(measure.metric)].kind == .time else {
                throw VerificationError(address: nil, reason: "a measure into a metric that takes no times")
            }
            switch measure.since {
            case .mark(let reference):
                try verify(reference, in: pools.markReferences.count, "reference to a mark", nil)
            case .epochMilliseconds(let expression):
                try verify(expression, in: pools.expressions.count, "expression", nil)
            }
        }
        for record in pools.records { try verify(record.metric, in: pools.metrics.count, "metric", nil) }
    }

    private func verifyInstruction(at address: Int) throws(VerificationError) {
        let instruction = instructions[address]
        for (operand, value) in zip(instruction.opcode.operands, [instruction.a, instruction.b]) {
            switch operand.room {
            case .unused:
                guard value == Instruction.noOperand else {
                    throw VerificationError(address: address, reason: "\(instruction.opcode) takes no such operand")
                }
            case .address:
                if value == Instruction.noOperand, operand.isOptional { continue }
                try verify(value, in: instructions.count, "address", address)
            case .pool(let pool):
                if value == Instruction.noOperand, operand.isOptional { continue }
                try verify(value, in: count(of: pool), "\(pool)", address)
            case .sessionSlot: try verify(value, in: variableCount, "variable", address)
            case .localSlot: try verify(value, in: Int(UInt16.max), "local", address)
            case .level: try verify(value, in: LogLevel.allCases.count, "level", address)
            }
        }
        if instruction.group != Instruction.noGroup {
            try verify(UInt32(instruction.group), in: pools.groups.count, "group", address)
        }
        if !instruction.opcode.endsTask, instruction.opcode != .jump, address + 1 == instructions.count {
            throw VerificationError(address: address, reason: "the code runs past its end")
        }
    }

    private func verifyEntry(_ address: UInt32, _ what: String) throws(VerificationError) {
        guard Int(address) < instructions.count else {
            throw VerificationError(address: nil, reason: "\(what) starts at \(address), beyond the code")
        }
    }

    private func verify(_ index: UInt32, in count: Int, _ what: String, _ address: Int?) throws(VerificationError) {
        guard Int(index) < count else {
            throw VerificationError(address: address, reason: "\(what) \(index) does not exist: there are \(count)")
        }
    }

    private func count(of pool: Opcode.Pool) -> Int {
        switch pool {
        case .expression: pools.expressions.count
        case .template: pools.templates.count
        case .value: pools.values.count
        case .duration: pools.durations.count
        case .randomPayload: pools.randomPayloads.count
        case .check: pools.checks.count
        case .checkName: pools.checkNames.count
        case .await: pools.awaits.count
        case .timer: pools.timers.count
        case .timerID: pools.timerIDs.count
        case .mark: pools.marks.count
        case .measure: pools.measures.count
        case .record: pools.records.count
        }
    }
}
