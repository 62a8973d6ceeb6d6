import Expressions

/// Where the random numbers of a virtual user come from (plan-language §2, Seed): each run of a handler has a stream of its own,
/// derived from the iteration, the handler's place in the plan, and how many runs of it there were. So the same seed gives the
/// same numbers whatever arrives when. The streams of ticks derive from what their timer drew when it was started, and so do
/// those of the conditions of awaits.
struct Randomness {
    private let seed: RandomSeed
    private var iterationSeed: RandomSeed
    /// By the place of the handler.
    private var handlers: [OfHandler]

    private struct OfHandler {
        var runs: UInt64 = 0
        /// What its runs derive from; kept, because a branch of a branch was 60 instructions each run.
        var seed: RandomSeed
        /// What the condition draws next. It goes on from one event to the next: what arrives in between and does not come to
        /// draw changes nothing.
        var condition: RandomStream
    }

    /// No place in a program is beyond it.
    private static let conditionBit: UInt64 = 1 << 32

    init(of seed: RandomSeed, handlerCount: Int) {
        self.seed = seed
        iterationSeed = seed
        handlers = Array(repeating: OfHandler(seed: seed, condition: seed.stream), count: handlerCount)
    }

    mutating func begin(iteration: Int64, of image: ProgramImage) {
        iterationSeed = seed.branch(UInt64(iteration))
        for handler in image.handlers {
            handlers[handler.index] = OfHandler(
                seed: iterationSeed.branch(UInt64(handler.address)),
                condition: iterationSeed.branch(Self.conditionBit | UInt64(handler.index)).stream)
        }
    }

    func ofPrologue(at address: UInt32) -> RandomStream { iterationSeed.branch(UInt64(address)).stream }

    mutating func ofRun(of handler: ProgramImage.Handler) -> RandomStream {
        handlers[handler.index].runs += 1
        return handlers[handler.index].seed.branch(handlers[handler.index].runs).stream
    }

    func ofCondition(of handler: ProgramImage.Handler) -> RandomStream { handlers[handler.index].condition }

    mutating func keep(_ stream: RandomStream, ofConditionOf handler: ProgramImage.Handler) {
        handlers[handler.index].condition = stream
    }
}
