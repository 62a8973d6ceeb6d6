import Synchronization

/// What the loops of one run know of each other: how much is left to do, and whether it is time to stop.
final class RunControl: Sendable {
    /// Why a run ends itself before its load does.
    enum StopReason: Equatable, Sendable {
        /// `stop_run`, with its reason.
        case plan(String)
        /// No session has ever met its expectation, after so many failed ones.
        case gaveUp(failures: UInt64)
    }

    private let iterations = Atomic<Int>(0)
    private let iterationLimit: Int?
    private let failures = Atomic<Int>(0)
    private let failureLimit: Int
    private let hasMetExpectation = Atomic<Bool>(false)
    private let reason = Mutex<StopReason?>(nil)
    private let onStop: @Sendable () -> Void

    /// - Parameter onStop: called once, from whatever thread stops the run.
    init(load: LoadShape, onStop: @escaping @Sendable () -> Void) {
        if case .total(let limit) = load.iterations { iterationLimit = limit } else { iterationLimit = nil }
        failureLimit = load.failuresBeforeGivingUp
        self.onStop = onStop
    }

    /// The number of a new iteration within the run, from 0; nil when there are no more.
    func takeIteration() -> Int64? {
        let number = iterations.wrappingAdd(1, ordering: .relaxed).oldValue
        if let iterationLimit, number >= iterationLimit { return nil }
        return Int64(number)
    }

    /// Whether there are any left to take.
    var hasIterations: Bool { iterationLimit.map { iterations.load(ordering: .relaxed) < $0 } ?? true }

    /// Counts a session that is over. The first that meets its expectation makes giving up impossible.
    func sessionEnded(failed: Bool) {
        guard failed else {
            if !hasMetExpectation.load(ordering: .relaxed) { hasMetExpectation.store(true, ordering: .relaxed) }
            return
        }
        guard !hasMetExpectation.load(ordering: .relaxed) else { return }
        let count = failures.wrappingAdd(1, ordering: .relaxed).newValue
        if count == failureLimit { stop(.gaveUp(failures: UInt64(count))) }
    }

    /// Ends the run early. Only the first reason counts.
    func stop(_ newReason: StopReason) {
        let isFirst = reason.withLock { reason in
            guard reason == nil else { return false }
            reason = newReason
            return true
        }
        if isFirst { onStop() }
    }

    var stopReason: StopReason? { reason.withLock { $0 } }
}
