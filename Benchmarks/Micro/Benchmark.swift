import Glibc

/// Something small that a run does for each message, or each second, and what it may cost.
struct Benchmark {
    /// What it is chosen by.
    let name: String
    /// What one operation is.
    let operation: String
    /// So many iterations stand for one operation: 1, or more for what takes long.
    let weight: Int
    /// Allocations that an operation may make.
    let mostAllocations: Int
    /// Processor time that an operation may take on a machine that is otherwise idle; nil for any.
    let mostNanoseconds: Int?
    private let measure: (_ operations: Int) throws -> Int64

    /// - Parameter measure: sets up what it takes, and gives the time of `fastestRound`, each round of so many operations.
    init(
        _ name: String, _ operation: String, weight: Int = 1, mostAllocations: Int = 0, mostNanoseconds: Int? = nil,
        measure: @escaping (_ operations: Int) throws -> Int64
    ) {
        self.name = name
        self.operation = operation
        self.weight = weight
        self.mostAllocations = mostAllocations
        self.mostNanoseconds = mostNanoseconds
        self.measure = measure
    }

    /// How many operations there were, and what one of the fastest round took.
    func run(iterations: Int) throws -> (operations: Int, nanoseconds: Double) {
        let operationsPerRound = max(1, iterations / weight / roundCount)
        let nanoseconds = try measure(operationsPerRound)
        return (operationsPerRound * roundCount, Double(nanoseconds) / Double(operationsPerRound))
    }
}

private let roundCount = 5

/// Does a body several times; gives the processor time of the fastest, in nanoseconds.
///
/// The body is a loop of its own, so that no operation costs a call of a closure. It uses what the operations give, and
/// takes its input from tables, so that no compiler leaves them out.
@inline(__always)
func fastestRound(_ body: () throws -> Void) rethrows -> Int64 {
    var fastest = Int64.max
    for _ in 0..<roundCount {
        let start = processorNanoseconds()
        try body()
        fastest = min(fastest, processorNanoseconds() - start)
    }
    return fastest
}

/// What this thread has had of the processors.
private func processorNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
