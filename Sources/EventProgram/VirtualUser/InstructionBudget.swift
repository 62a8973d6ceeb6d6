import Expressions

/// How much one stimulus may execute: a loop that never waits, or timers that start timers, would hold up every other user.
struct InstructionBudget {
    /// For all tasks that a stimulus starts or wakes, together.
    static let limit = 1_000_000
    /// After so many, what else is due at a wake waits for the next one. More than a task takes that does no loops.
    private static let turn = 10_000

    private var left = limit
    private var isRefilled = false

    /// Takes one; false where there is none left.
    @inline(__always)
    mutating func spend() -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// The error of the step at `address` that there was nothing left for.
    static func exhausted(at address: Int, _ program: Program) -> EvaluationError {
        EvaluationError(.limit("more than \(limit) steps without a wait or an await"), at: program.spans[address])
    }

    var isTurnOver: Bool { left < Self.limit - Self.turn }

    var isSpent: Bool { left == 0 }

    /// Lets `on_error` say something about the task that took all there was.
    mutating func refillOnce() {
        guard left == 0, !isRefilled else { return }
        isRefilled = true
        left = Self.limit
    }
}
