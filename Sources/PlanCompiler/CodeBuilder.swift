import Diagnostics
import EventProgram
import Expressions

/// The code of one program while it grows: instructions, and the pools that their operands index.
struct CodeBuilder {
    private(set) var instructions: [Instruction] = []
    private(set) var spans: [SourceSpan] = []
    var pools = Pools()
    /// The group that instructions are emitted in.
    var group = Instruction.noGroup
    // By their UTF-8: what is written in two ways is two names, although Swift's strings are equal.
    private var checkNames: [[UInt8]: UInt32] = [:]
    private var groups: [[UInt8]: UInt32] = [:]
    private var timerIDs: [[UInt8]: UInt32] = [:]
    private var markTexts: [[UInt8]: UInt32] = [:]
    private var metrics: [[UInt8]: UInt32] = [:]

    /// A jump whose target is not known yet.
    struct Jump {
        fileprivate var address: Int
    }

    /// Where the next instruction goes.
    var address: UInt32 { UInt32(instructions.count) }

    mutating func emit(
        _ opcode: Opcode, a: UInt32 = Instruction.noOperand, b: UInt32 = Instruction.noOperand, at span: SourceSpan
    ) {
        instructions.append(Instruction(opcode, a: a, b: b, group: group))
        spans.append(span)
    }

    /// Emits an instruction that goes on elsewhere; `land` says where.
    mutating func emitJump(_ opcode: Opcode, a: UInt32 = Instruction.noOperand, at span: SourceSpan) -> Jump {
        emit(opcode, a: a, at: span)
        return Jump(address: instructions.count - 1)
    }

    /// The jump goes to the next instruction that is emitted.
    mutating func land(_ jump: Jump) {
        if instructions[jump.address].opcode == .jump {
            instructions[jump.address].a = address
        } else {
            instructions[jump.address].b = address
        }
    }

    // MARK: Pools

    mutating func add(_ expression: Expression) -> UInt32 { Self.append(expression, to: &pools.expressions) }
    mutating func add(_ template: Template) -> UInt32 { Self.append(template, to: &pools.templates) }
    mutating func add(_ value: ValueSource) -> UInt32 { Self.append(value, to: &pools.values) }
    mutating func add(_ duration: DurationSource) -> UInt32 { Self.append(duration, to: &pools.durations) }
    mutating func add(_ payload: Pools.RandomPayload) -> UInt32 { Self.append(payload, to: &pools.randomPayloads) }
    mutating func add(_ check: Pools.Check) -> UInt32 { Self.append(check, to: &pools.checks) }
    mutating func add(_ await_: Pools.Await) -> UInt32 { Self.append(await_, to: &pools.awaits) }
    mutating func add(_ timer: Pools.Timer) -> UInt32 { Self.append(timer, to: &pools.timers) }

    mutating func add(_ measure: Pools.Measure) -> UInt32 { Self.append(measure, to: &pools.measures) }
    mutating func add(_ record: Pools.Record) -> UInt32 { Self.append(record, to: &pools.records) }

    mutating func mark(_ key: Template) -> UInt32 {
        let text = key.source.text
        let index = Self.index(of: text, in: &markTexts, appending: text, to: &pools.markTexts)
        return Self.append(Pools.Mark(key: add(key), text: index), to: &pools.marks)
    }

    mutating func markReference(_ key: Template) -> UInt32 {
        Self.append(Pools.MarkReference(key: add(key)), to: &pools.markReferences)
    }

    /// One index for each metric.
    mutating func metric(_ metric: Pools.Metric) -> UInt32 {
        Self.index(of: metric.name, in: &metrics, appending: metric, to: &pools.metrics)
    }

    private static func append<Element>(_ element: Element, to pool: inout [Element]) -> UInt32 {
        pool.append(element)
        return UInt32(pool.count - 1)
    }

    /// Where the element of a name is; it is appended where there is none yet.
    private static func index<Element>(
        of name: String, in known: inout [[UInt8]: UInt32], appending element: Element, to pool: inout [Element]
    ) -> UInt32 {
        let key = Array(name.utf8)
        if let index = known[key] { return index }
        let index = append(element, to: &pool)
        known[key] = index
        return index
    }

    /// One index for each name, however often it is used.
    mutating func checkName(_ name: String) -> UInt32 {
        Self.index(of: name, in: &checkNames, appending: name, to: &pools.checkNames)
    }

    /// One index for each id: `cancel` may stand before the step that starts the timer, and a block may start it often.
    mutating func timerID(_ id: String) -> UInt32 {
        Self.index(of: id, in: &timerIDs, appending: id, to: &pools.timerIDs)
    }

    /// The index of a group inside the one that instructions are emitted in now.
    mutating func nestedGroup(_ name: String) -> UInt16 {
        let path = group == Instruction.noGroup ? name : pools.groups[Int(group)] + "::" + name
        return UInt16(Self.index(of: path, in: &groups, appending: path, to: &pools.groups))
    }
}
