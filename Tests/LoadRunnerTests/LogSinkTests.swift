import Dispatch
import LoadRunner
import Synchronization
import Testing

@Suite struct LogSinkTests {
    /// What a sink has written.
    private final class Paper: Sendable {
        let bytes = Mutex<[UInt8]>([])
        var lines: [Substring] { String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n") }
    }

    @Test func writesWholeLinesInOrder() {
        let paper = Paper()
        let sink = LogSink { bytes in paper.bytes.withLock { $0 += bytes } }
        for number in 0..<100 { sink.log(Array("line \(number)".utf8), atNanoseconds: 0) }
        #expect(sink.flush() == 0)
        #expect(paper.lines == (0..<100).map { "line \($0)" })
    }

    @Test func dropsAndCountsWhatIsTooMuchForASecond() {
        let paper = Paper()
        let sink = LogSink { bytes in paper.bytes.withLock { $0 += bytes } }
        for second in 0..<2 {
            for _ in 0..<1_500 { sink.log([0x2E], atNanoseconds: Int64(second) * 1_000_000_000) }
        }
        #expect(sink.flush() == 1_000)
        #expect(paper.lines.count == 2 * LogSink.linesPerSecond)
    }

    @Test func aWriterThatIsStuckHoldsNobodyUp() {
        let gate = DispatchSemaphore(value: 0)
        let sink = LogSink { _ in gate.wait() }
        for second in 0..<20 {
            for _ in 0..<1_000 {
                sink.log(Array(repeating: 0x2E, count: 1_000), atNanoseconds: Int64(second) * 1_000_000_000)
            }
        }
        // 20 MB were logged, 4 MiB may wait.
        gate.signal()
        gate.signal()
        #expect(sink.flush() > 10_000)
    }
}
