import Synchronization

/// The regular expressions whose patterns become known while a plan runs: one for the process, and of bounded size.
///
/// When it is full it is emptied: a plan uses a few patterns again and again, or none twice.
final class PatternCache: Sendable {
    static let shared = PatternCache(capacity: 256)

    private let capacity: Int
    /// By the bytes of the pattern.
    private let expressions = Mutex<[[UInt8]: RegularExpression]>([:])

    init(capacity: Int) { self.capacity = capacity }

    /// The expression of a pattern, compiled at its first use.
    func expression(_ pattern: String) throws(PatternError) -> RegularExpression {
        let key = Array(pattern.utf8)
        if let known = expressions.withLock({ $0[key] }) { return known }
        let compiled = try RegularExpression(pattern)
        expressions.withLock { expressions in
            if expressions.count >= capacity { expressions.removeAll(keepingCapacity: true) }
            expressions[key] = compiled
        }
        return compiled
    }
}
