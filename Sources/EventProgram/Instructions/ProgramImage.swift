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

    /// The bytes of a template that has nothing to evaluate.
    private struct Text {
        var bytes: UnsafeRawPointer?
        /// -1 for a template that has.
        var count: Int
    }

    let instructions: UnsafePointer<Instruction>
    let checks: UnsafePointer<Check>
    /// By the index of the expression.
    let conditions: UnsafePointer<BorrowedExpression>
    private let handlers: UnsafePointer<Handler>
    /// Where the handlers of an event begin; those of the next one end them.
    private let handlerStarts: UnsafePointer<Int>
    private let texts: UnsafePointer<Text>
    private let textBytes: UnsafeRawPointer

    init(instructions: [Instruction], handlers: [Program.Handler], pools: Pools) {
        self.instructions = Self.copy(instructions)
        checks = Self.copy(
            pools.checks.map { Check(name: $0.name, condition: BorrowedExpression($0.condition)) })
        conditions = Self.copy(pools.expressions.map { BorrowedExpression($0) })
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
        self.handlers = Self.copy(sorted)
        handlerStarts = Self.copy(starts)
        let templates = pools.templates
        let bytes = Self.copy(templates.flatMap { $0.constant ?? [] })
        var offset = 0
        texts = Self.copy(
            templates.map { template in
                guard let count = template.constant?.count else { return Text(bytes: nil, count: -1) }
                defer { offset += count }
                return Text(bytes: bytes + offset, count: count)
            })
        textBytes = UnsafeRawPointer(bytes)
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
        handlers.deallocate()
        handlerStarts.deallocate()
        texts.deallocate()
        textBytes.deallocate()
    }

    /// In the order in which they start.
    func handlers(of event: Program.Event) -> UnsafeBufferPointer<Handler> {
        let place = handlerStarts + Int(event.rawValue)
        return UnsafeBufferPointer(start: handlers + place[0], count: place[1] - place[0])
    }

    /// What a template says, where nothing in it varies.
    func constantText(ofTemplate index: Int) -> UnsafeRawBufferPointer? {
        let text = texts[index]
        return text.count < 0 ? nil : UnsafeRawBufferPointer(start: text.bytes, count: text.count)
    }
}
