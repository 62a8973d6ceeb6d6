import Expressions

/// What every message needs of a program, as plain memory: reading it counts no reference, which for the arrays and
/// classes of a `Program` were ten retains and releases a message. The verifier has checked every index that leads in here.
///
/// It belongs to the program that made it, and is valid as long as that.
struct ProgramImage: @unchecked Sendable {
    // Sendable: nobody writes to it.

    /// The part of a handler that starting it needs.
    struct Handler {
        /// Its place among all handlers.
        var index: Int
        var address: UInt32
        /// An index of the expressions; `Instruction.noOperand` without one.
        var condition: UInt32
        var localCount: Int
    }

    struct Check {
        /// An index of the check names.
        var name: UInt32
        var condition: BorrowedExpression
    }

    /// The key of a mark: a slot where all keys of the program are literal, else `Instruction.noOperand` and the template.
    struct MarkKey {
        var slot: UInt32
        var template: Int
    }

    struct Mark {
        var key: MarkKey
        /// An index of the texts of marks.
        var text: Int
    }

    struct Measure {
        /// An index of the references to marks; -1 where it measures from a time.
        var reference: Int
    }

    let instructions: UnsafePointer<Instruction>
    let checks: UnsafePointer<Check>
    /// By the index of the expression.
    let conditions: UnsafePointer<BorrowedExpression>
    let marks: UnsafePointer<Mark>
    /// By the index of the reference to a mark.
    let markReferences: UnsafePointer<MarkKey>
    let measures: UnsafePointer<Measure>
    /// So many keys have slots.
    let markSlotCount: Int
    /// Sorted by their event.
    let handlers: UnsafeBufferPointer<Handler>
    /// Where the handlers of an event begin; those of the next one end them.
    private let handlerStarts: UnsafePointer<Int>
    /// Of templates that have nothing to evaluate, what they say.
    private let literalPlaces: UnsafePointer<Effect.Payload?>
    let literals: UnsafeRawPointer

    init(instructions: [Instruction], handlers: [Program.Handler], pools: Pools) {
        self.instructions = Self.copy(instructions)
        checks = Self.copy(
            pools.checks.map { Check(name: $0.name, condition: BorrowedExpression($0.condition)) })
        conditions = Self.copy(pools.expressions.map { BorrowedExpression($0) })
        let keys = MarkKeys(of: pools)
        markSlotCount = keys.slots.count
        marks = Self.copy(pools.marks.map { Mark(key: keys[$0.key], text: Int($0.text)) })
        markReferences = Self.copy(pools.markReferences.map { keys[$0.key] })
        measures = Self.copy(
            pools.measures.map { measure in
                guard case .mark(let reference) = measure.since else { return Measure(reference: -1) }
                return Measure(reference: Int(reference))
            })
        var sorted: [Handler] = []
        var starts = [0]
        for event in Program.Event.allCases {
            for handler in handlers where handler.event == event {
                sorted.append(
                    Handler(
                        index: sorted.count, address: handler.address,
                        condition: handler.condition ?? Instruction.noOperand,
                        localCount: handler.localCount))
            }
            starts.append(sorted.count)
        }
        self.handlers = UnsafeBufferPointer(start: Self.copy(sorted), count: sorted.count)
        handlerStarts = Self.copy(starts)
        let texts = pools.templates.map(\.constant)
        literals = UnsafeRawPointer(Self.copy(texts.flatMap { $0 ?? [] }))
        var end = 0
        literalPlaces = Self.copy(
            texts.map { text in
                guard let text else { return nil }
                defer { end += text.count }
                guard let start = UInt32(exactly: end), let count = UInt32(exactly: text.count) else { return nil }
                return Effect.Payload(start: start, count: count, isLiteral: true)
            })
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        let place = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
        _ = place.initialize(from: elements)
        return UnsafePointer(place.baseAddress!)
    }

    func deallocate() {
        instructions.deallocate()
        checks.deallocate()
        conditions.deallocate()
        marks.deallocate()
        markReferences.deallocate()
        measures.deallocate()
        handlers.deallocate()
        handlerStarts.deallocate()
        literalPlaces.deallocate()
        literals.deallocate()
    }

    /// In the order in which they start.
    func handlers(of event: Program.Event) -> UnsafeBufferPointer<Handler> {
        let place = handlerStarts + Int(event.rawValue)
        return UnsafeBufferPointer(rebasing: handlers[place[0]..<place[1]])
    }

    /// What a template says, where nothing in it varies.
    func literal(ofTemplate index: Int) -> Effect.Payload? { literalPlaces[index] }

    func bytes(ofLiteral payload: Effect.Payload) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: literals + Int(payload.start), count: Int(payload.count))
    }
}

/// How the keys of marks are found: by slot where none of them varies. A template may come to any text, that of a literal
/// key as well, so one among them has all keys found by their bytes.
private struct MarkKeys {
    private(set) var slots: [[UInt8]: UInt32] = [:]
    private let pools: Pools

    init(of pools: Pools) {
        self.pools = pools
        for key in pools.marks.map(\.key) + pools.markReferences.map(\.key) {
            guard let text = pools.templates[Int(key)].constant else {
                slots = [:]
                return
            }
            if slots[text] == nil { slots[text] = UInt32(slots.count) }
        }
    }

    subscript(template: UInt32) -> ProgramImage.MarkKey {
        let slot = pools.templates[Int(template)].constant.flatMap { slots[$0] }
        return ProgramImage.MarkKey(slot: slot ?? Instruction.noOperand, template: Int(template))
    }
}
