import LoadMetrics
import Synchronization

/// What the loops of one run know of each other: whether it is time to stop. Whatever ends a run before its load does goes
/// through here, so that all of it ends the run in one way.
final class RunControl: Sendable {
    /// Why a run ends itself before its load does.
    enum StopReason: Equatable, Sendable {
        /// `stop_run`, with its reason.
        case plan(String)
        /// No session has ever met its expectation, after so many failed ones.
        case gaveUp(failures: UInt64)
        /// A threshold that aborts the run and can hold no more.
        case threshold(ThresholdResult)
    }

    private let failures = Atomic<Int>(0)
    private let failureLimit: Int
    private let hasMetExpectation = Atomic<Bool>(false)
    private let reason = Mutex<StopReason?>(nil)
    private let signal = Mutex<LoadRun.Signal?>(nil)
    private let onStop: @Sendable () -> Void

    /// - Parameters:
    ///   - failureLimit: how many failed sessions end a run in which none has ever met its expectation.
    ///   - onStop: ends the load, which may be ending already; called from whatever thread stops the run.
    init(failureLimit: Int, onStop: @escaping @Sendable () -> Void) {
        self.failureLimit = failureLimit
        self.onStop = onStop
    }

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
    func stop(_ newReason: StopReason) { setFirst(newReason, in: reason) }

    /// The same from outside, which is told beside the run's own reason.
    func stop(by newSignal: LoadRun.Signal) { setFirst(newSignal, in: signal) }

    var stopReason: StopReason? { reason.withLock { $0 } }

    /// The signal that has ended the run, or its end.
    var stopSignal: LoadRun.Signal? { signal.withLock { $0 } }

    private func setFirst<Value: Sendable>(_ new: Value, in place: borrowing Mutex<Value?>) {
        let isFirst = place.withLock { value in
            guard value == nil else { return false }
            value = new
            return true
        }
        if isFirst { onStop() }
    }
}
