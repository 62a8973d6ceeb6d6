import Expressions

/// Where the random numbers of a virtual user come from (plan-language §2, Seed): each run of a handler has a stream of its own,
/// derived from the iteration, the handler's place in the plan, and how many runs of it there were. So the same seed gives the
/// same numbers whatever arrives when. The streams of ticks derive from what their timer drew when it was started.
struct Randomness {
    private let seed: RandomSeed
    private var iterationSeed: RandomSeed
    /// By the place of the handler.
    private var runs: [UInt64]
    private var judgements: UInt64 = 0

    /// No place in a program is beyond it.
    private static let conditionBit: UInt64 = 1 << 32

    init(of seed: RandomSeed, handlerCount: Int) {
        self.seed = seed
        iterationSeed = seed
        runs = Array(repeating: 0, count: handlerCount)
    }

    mutating func begin(iteration: Int64) {
        iterationSeed = seed.branch(UInt64(iteration))
        for index in runs.indices { runs[index] = 0 }
        judgements = 0
    }

    func ofPrologue(at address: UInt32) -> RandomStream { iterationSeed.branch(UInt64(address)).stream }

    mutating func ofRun(of handler: ProgramImage.Handler) -> RandomStream {
        runs[handler.index] += 1
        return iterationSeed.branch(UInt64(handler.address)).branch(runs[handler.index]).stream
    }

    /// For the condition of a handler or an await, which is judged as often as something arrives.
    mutating func ofCondition(_ condition: UInt32) -> RandomStream {
        judgements += 1
        return iterationSeed.branch(Self.conditionBit | UInt64(condition)).branch(judgements).stream
    }
}
