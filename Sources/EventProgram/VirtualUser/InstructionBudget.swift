import Expressions

/// How much one stimulus may execute: a loop that never waits, or timers that start timers, would hold up every other user.
struct InstructionBudget {
    /// For all tasks that a stimulus starts or wakes, together.
    static let limit = 1_000_000
    /// After so many, what else is due at a wake waits for the next one. More than a task takes that does no loops.
    private static let turn = 10_000

    private var left = limit
    private var isRefilled = false

    /// Takes one, or throws: the error of the step at `address`.
    @inline(__always)
    mutating func spend(at address: Int, _ program: Program) throws(EvaluationError) {
        guard left > 0 else {
            throw EvaluationError(
                .limit("more than \(Self.limit) steps without a wait or an await"), at: program.spans[address])
        }
        left -= 1
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
