/// The pause before a virtual user's next iteration.
struct Backoff {
    /// After a failed connect: at least 100 ms, doubling to 5 s (plan-language §2, Pace).
    static let first: Int64 = 100_000_000
    static let last: Int64 = 5_000_000_000

    private var nextNanoseconds = Backoff.first

    /// The least pause after an iteration; `connected` starts the doubling anew.
    mutating func pauseNanoseconds(connected: Bool) -> Int64 {
        guard !connected else {
            nextNanoseconds = Self.first
            return 0
        }
        defer { nextNanoseconds = min(nextNanoseconds * 2, Self.last) }
        return nextNanoseconds
    }
}
