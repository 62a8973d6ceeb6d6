import Dispatch
import Synchronization

/// Lines for people, written in the background: a slow terminal holds up no loop. What is too much is dropped and counted.
package final class LogSink: Sendable {
    /// Lines a second of `log` steps that are written (plan-language §3, `log`).
    package static let linesPerSecond = 1_000
    /// Bytes that may wait for a reader that is too slow.
    private static let byteLimit = 4 << 20
    /// Bytes that are written at once: what a pipe takes whole.
    private static let pieceSize = 4 << 10
    /// Back to the first column, and the line is empty (ECMA-48 §8.3.41).
    private static let erasure = Array("\r\u{1B}[K".utf8)

    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
        var second: Int64 = .min
        var linesInSecond = 0
        var dropped: UInt64 = 0
        /// Lines that were logged and that nobody has tried to write.
        var unwritten: UInt64 = 0
        /// Pieces that were written, or could not be.
        var written: UInt64 = 0
        /// Whether what is not written will not be.
        var isAbandoned = false
        /// Whether the last thing written is a line that is to be drawn anew.
        var isShowing = false
        /// Whether there is such a line to write.
        var mustShow = false
        /// Whether everything was logged that will be shown beside other lines.
        var hasEnded = false

        /// What takes the line away that is shown.
        mutating func takeErasure() -> [UInt8] {
            defer { isShowing = false }
            return isShowing ? LogSink.erasure : []
        }
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "wsplan.log")
    private let linesPerSecond: Int
    private let patienceNanoseconds: Int
    private let isHurried: @Sendable () -> Bool
    private let write: @Sendable ([UInt8]) -> Bool

    /// How long a reader that takes nothing is waited for at the end where somebody waits for that.
    package static let hurriedPatienceNanoseconds = 100_000_000

    /// - Parameters:
    ///   - linesPerSecond: what is beyond is dropped.
    ///   - patienceNanoseconds: at the end, how long a reader that takes nothing is waited for.
    ///   - isHurried: whether somebody waits for the end; asked again and again while a reader is waited for.
    ///   - write: says whether it could; lines of which it could not write all are among the dropped. Called on a queue of the
    ///     sink's own, one call at a time; it may block. A line may come in two calls.
    package init(
        linesPerSecond: Int = LogSink.linesPerSecond, patienceNanoseconds: Int = 1_000_000_000,
        isHurried: @escaping @Sendable () -> Bool = { false }, write: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.linesPerSecond = linesPerSecond
        self.patienceNanoseconds = patienceNanoseconds
        self.isHurried = isHurried
        self.write = write
    }

    /// Adds a line, without its line break, at a time of the monotonic clock. It is only made where it is not one too many.
    package func log(_ line: @autoclosure () -> [UInt8], atNanoseconds now: Int64) {
        guard admitsLine(atNanoseconds: now) else { return }
        let line = line()
        let mustStart = state.withLock { state in
            guard state.pending.count + line.count < Self.byteLimit else {
                state.dropped += 1
                return false
            }
            state.pending += line
            state.pending.append(UInt8(ascii: "\n"))
            state.unwritten += 1
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { queue.async { self.drain() } }
    }

    /// Takes a line from those of this second; counts it as dropped where there is none left, or no room for it.
    private func admitsLine(atNanoseconds now: Int64) -> Bool {
        state.withLock { state in
            let second = now / 1_000_000_000
            if second != state.second {
                state.second = second
                state.linesInSecond = 0
            }
            guard state.linesInSecond < linesPerSecond, state.pending.count < Self.byteLimit else {
                state.dropped += 1
                return false
            }
            state.linesInSecond += 1
            return true
        }
    }

    /// Shows how things stand, between lines: dropped where the line before it is not written yet, or the last `flush` was.
    ///
    /// - Parameter inPlace: whether whatever comes next takes its place. Else it is a line like others, but for not being
    ///   counted among them.
    package func show(_ line: [UInt8], inPlace: Bool) {
        let isFirst = state.withLock { state in
            defer { state.mustShow = true }
            return !state.mustShow && !state.hasEnded
        }
        guard isFirst else { return }
        queue.async { [self] in
            let bytes = state.withLock { state in
                state.mustShow = false
                guard !state.hasEnded else { return [UInt8]() }
                defer { state.isShowing = inPlace }
                return state.takeErasure() + line + (inPlace ? [] : [UInt8(ascii: "\n")])
            }
            if !bytes.isEmpty { _ = write(bytes) }
        }
    }

    private func drain() {
        while true {
            let bytes = state.withLock { state in
                let bytes = state.pending
                state.pending = []
                if bytes.isEmpty { state.isWriting = false }
                return bytes.isEmpty ? [] : state.takeErasure() + bytes
            }
            guard !bytes.isEmpty else { return }
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Self.pieceSize)
                let isWritten = write(Array(piece))
                rest = rest.dropFirst(piece.count)
                let lines = UInt64(piece.count { $0 == UInt8(ascii: "\n") })
                let isAbandoned = state.withLock { state in
                    state.written += 1
                    state.unwritten -= lines
                    if !isWritten { state.dropped += lines }
                    return state.isAbandoned
                }
                if isAbandoned { return }
            }
        }
    }

    /// Waits until everything logged so far is written, for as long as the reader takes anything of it, and returns how
    /// many lines were dropped. What nobody has read by then is among them, and what could not be written. Nothing is shown in
    /// place any more.
    package func flush() -> UInt64 {
        let isDone = DispatchSemaphore(value: 0)
        state.withLock { $0.hasEnded = true }
        queue.async { [self] in
            let erasure = state.withLock { $0.takeErasure() }
            if !erasure.isEmpty { _ = write(erasure) }
            isDone.signal()
        }
        var written = state.withLock { $0.written }
        var waitedNanoseconds = 0
        let step = min(patienceNanoseconds, Self.hurriedPatienceNanoseconds)
        while isDone.wait(timeout: .now() + .nanoseconds(step)) == .timedOut {
            let now = state.withLock { $0.written }
            waitedNanoseconds = now == written ? waitedNanoseconds + step : 0
            if waitedNanoseconds >= (isHurried() ? step : patienceNanoseconds) { break }
            written = now
        }
        return state.withLock { state in
            state.isAbandoned = state.unwritten > 0
            return state.dropped + state.unwritten
        }
    }
}
