package import Expressions
import Synchronization

/// What the virtual users of one scenario on one loop share while they execute: their program, the values that
/// expressions see, the effects they leave, and what was learnt about conditions. Only one of them runs at a time.
package struct ExecutionContext {
    package let program: Program
    /// The program's own, so that its reference is not counted at every step.
    let image: ProgramImage
    /// Where the payloads lie that are the program's; valid as long as that. Stored and not asked of the image, because a caller in
    /// another module copies the whole context to ask it anything: some 1,700 instructions.
    package let literals: UnsafeRawPointer
    /// The task of the handler that is being started. It is made once, because making a task and giving it up counts five
    /// references, which most handlers need none of.
    let starting: UnsafeMutablePointer<Task>
    private let startingOwner: StartingTask
    package var evaluation: EvaluationContext
    package var effects = Effects()
    package var conditions: ConditionLedger
    package internal(set) var marks: MarkLedger
    package internal(set) var awaits = AwaitLedger()
    /// The checks, by name and group, of which a failure has been explained. The first instance is enough, and finding the
    /// values in a condition costs time.
    private var explainedChecks: Set<UInt64> = []
    /// Whether an error of an expression has been explained.
    private var hasExplainedError = false
    /// The time of the stimulus, on the monotonic clock.
    package internal(set) var nowNanoseconds: Int64 = 0
    /// What the stimulus may still execute.
    var budget = InstructionBudget()
    private let interruption: Interruption
    private let interruptionPlace: UnsafeMutablePointer<Atomic<Bool>>

    package init(program: Program, evaluation: EvaluationContext, interruption: Interruption = Interruption()) {
        self.program = program
        self.interruption = interruption
        interruptionPlace = interruption.place
        image = program.image
        literals = program.image.literals
        startingOwner = StartingTask()
        starting = startingOwner.place
        self.evaluation = evaluation
        conditions = ConditionLedger(count: program.pools.expressions.count)
        marks = MarkLedger(program.pools)
    }

    /// Whether what is executed is to be put off.
    @inline(__always)
    var isInterrupted: Bool { interruptionPlace.pointee.load(ordering: .relaxed) }

    /// Whether the failure at hand is the first one of a check, which is then taken as explained.
    mutating func isFirstFailure(ofCheck name: UInt32, inGroup group: UInt16) -> Bool {
        explainedChecks.insert(UInt64(name) << 16 | UInt64(group)).inserted
    }

    /// Whether no failure of a check has been taken as explained.
    func isUnexplained(_ name: UInt32, inGroup group: UInt16) -> Bool {
        !explainedChecks.contains(UInt64(name) << 16 | UInt64(group))
    }

    /// The values in the expression of an instruction that could not be evaluated, where that is the first error of its
    /// kind; nothing for another one.
    mutating func explainFirstError(_ error: EvaluationError, of instruction: Instruction) -> [Explained] {
        guard !hasExplainedError else { return [] }
        hasExplainedError = true
        return program.expression(of: instruction, around: error.span)?.explain(in: evaluation) ?? []
    }

    /// Judges a condition; one that cannot be evaluated is false, and remembered.
    mutating func holds(_ index: UInt32) -> Bool {
        let index = Int(index)
        do {
            let result = try image.conditions[index].evaluateCondition(in: &evaluation)
            conditions.evaluated[index] = true
            return result
        } catch {
            if conditions.failures[index] == nil { conditions.failures[index] = error }
            return false
        }
    }
}

/// Gives the memory of a task back.
private final class StartingTask {
    let place = UnsafeMutablePointer<Task>.allocate(capacity: 1)

    init() { place.initialize(to: Task(address: 0, event: .open)) }

    deinit {
        place.deinitialize(count: 1)
        place.deallocate()
    }
}

/// Which conditions could be evaluated at least once, and why one could not. One that never could is named in the summary:
/// it was false all the time, and its author should know why.
package struct ConditionLedger: Sendable {
    /// By the index of the expression.
    package internal(set) var evaluated: [Bool]
    package internal(set) var failures: [EvaluationError?]

    init(count: Int) {
        evaluated = Array(repeating: false, count: count)
        failures = Array(repeating: nil, count: count)
    }

    /// Adds what another loop has learnt.
    package mutating func merge(_ other: ConditionLedger) {
        for index in evaluated.indices {
            evaluated[index] = evaluated[index] || other.evaluated[index]
            failures[index] = failures[index] ?? other.failures[index]
        }
    }

    /// The conditions that were tried and never came to a result, with the first reason.
    package var neverEvaluated: [(expression: Int, error: EvaluationError)] {
        failures.indices.compactMap { index in
            guard !evaluated[index], let error = failures[index] else { return nil }
            return (index, error)
        }
    }
}
