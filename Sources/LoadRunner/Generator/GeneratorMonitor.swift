package import LoadMetrics
import Synchronization

/// Puts together what all loops note of themselves while a run goes on, and judges the generator by it.
///
/// A loop delivers a second when that is over, which costs it a lock and no more. One thread, which is none of theirs, calls
/// `advance` once a second or so. What is kept does not grow with the length of the run.
package final class GeneratorMonitor: Sendable {
    private let state: Mutex<State>
    private let watch: Mutex<GeneratorWatch>
    private let loopCount: Int64
    private let before = HostCounters.now()

    private struct State {
        /// The second that each loop delivers next; `Int.max` of one that is done.
        var reached: [Int]
        /// What loops delivered of seconds that others have not reached, by their number.
        var pending: [Int: [LoopSecond?]] = [:]
        /// Everything before is judged.
        var next = 0
    }

    package init(thresholds: [Threshold], loopCount: Int) {
        self.loopCount = Int64(loopCount)
        state = Mutex(State(reached: Array(repeating: 0, count: loopCount)))
        watch = Mutex(GeneratorWatch(thresholds: thresholds))
    }

    /// Takes a second of a loop.
    package func deliver(_ second: LoopSecond, number: Int, ofLoop loop: Int, isLast: Bool) {
        state.withLock { state in
            state.pending[number, default: Array(repeating: nil, count: state.reached.count)][loop] = second
            state.reached[loop] = isLast ? .max : number + 1
        }
    }

    /// Looks at the seconds that are over on all loops.
    package func advance() {
        let seconds = state.withLock { state in
            let end = min(state.reached.min() ?? 0, (state.pending.keys.max() ?? -1) + 1)
            defer { state.next = max(state.next, end) }
            return (state.next..<max(state.next, end)).map { state.pending.removeValue(forKey: $0) ?? [] }
        }
        watch.withLock { watch in
            for loops in seconds { watch.add(GeneratorSecond(of: loops)) }
        }
    }

    /// The verdict, once all loops are done.
    ///
    /// - Parameter durationNanoseconds: how long the run was.
    package func verdict(durationNanoseconds: Int64) -> GeneratorVerdict {
        advance()
        let pressure = HostCounters.now().pressure(since: before, inNanoseconds: durationNanoseconds * loopCount)
        return watch.withLock { $0.verdict(pressure) }
    }
}

extension GeneratorSecond {
    /// - Parameter loops: in their order; nil for one that was done before.
    fileprivate init(of loops: [LoopSecond?]) {
        let parts = loops.compactMap(\.self)
        self.init(
            due: parts.reduce(0) { $0 + $1.due }, startedInTime: parts.reduce(0) { $0 + $1.startedInTime },
            lagNanoseconds: parts.flatMap(\.lagNanoseconds), busy: loops.map { $0?.busy ?? 0 },
            isWhole: parts.contains(where: \.isWhole))
    }
}
