import Dispatch
import Synchronization

/// Lines for people, written in the background: a slow terminal holds up no loop. What is too much is dropped and counted.
package final class LogSink: Sendable {
    /// Lines a second that are written (plan-language §3, `log`).
    package static let linesPerSecond = 1_000
    /// Bytes that may wait for a reader that is too slow.
    private static let byteLimit = 4 << 20

    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
        var second: Int64 = .min
        var linesInSecond = 0
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "wsplan.log")
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: called on a queue of the sink's own with whole lines, one call at a time; it may block.
    package init(write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// Adds a line, without its line break, at a time of the monotonic clock.
    package func log(_ line: [UInt8], atNanoseconds now: Int64) {
        let mustStart = state.withLock { state in
            let second = now / 1_000_000_000
            if second != state.second {
                state.second = second
                state.linesInSecond = 0
            }
            guard state.linesInSecond < Self.linesPerSecond, state.pending.count + line.count < Self.byteLimit else {
                state.dropped += 1
                return false
            }
            state.linesInSecond += 1
            state.pending += line
            state.pending.append(UInt8(ascii: "\n"))
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let bytes = state.withLock { state in
                let bytes = state.pending
                state.pending = []
                if bytes.isEmpty { state.isWriting = false }
                return bytes
            }
            guard !bytes.isEmpty else { return }
            write(bytes)
        }
    }

    /// Waits until everything logged so far is written, and returns how many lines were dropped.
    package func flush() -> UInt64 {
        queue.sync {}
        return state.withLock { $0.dropped }
    }
}
