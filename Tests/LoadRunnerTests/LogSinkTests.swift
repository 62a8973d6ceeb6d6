import Dispatch
import LoadRunner
import Synchronization
import Testing

@Suite struct LogSinkTests {
    /// What a sink has written.
    private final class Paper: Sendable {
        let bytes = Mutex<[UInt8]>([])

        func add(_ more: [UInt8]) -> Bool {
            bytes.withLock { $0 += more }
            return true
        }

        var lines: [Substring] { String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n") }
    }

    @Test func writesWholeLinesInOrder() {
        let paper = Paper()
        let sink = LogSink { paper.add($0) }
        for number in 0..<100 { sink.log(Array("line \(number)".utf8), atNanoseconds: 0) }
        #expect(sink.flush() == 0)
        #expect(paper.lines == (0..<100).map { "line \($0)" })
    }

    @Test func dropsAndCountsWhatIsTooMuchForASecond() {
        let paper = Paper()
        let sink = LogSink { paper.add($0) }
        var made = 0
        func line() -> [UInt8] {
            made += 1
            return [0x2E]
        }
        for second in 0..<2 {
            for _ in 0..<1_500 { sink.log(line(), atNanoseconds: Int64(second) * 1_000_000_000) }
        }
        #expect(sink.flush() == 1_000)
        #expect(paper.lines.count == 2 * LogSink.linesPerSecond)
        #expect(made == 2 * LogSink.linesPerSecond, "a line is made only to be written")
    }

    @Test func whatIsShownInPlaceGoesBeforeWhateverComesNext() {
        let paper = Paper()
        let isWritten = DispatchSemaphore(value: 0)
        let sink = LogSink { bytes in
            defer { isWritten.signal() }
            return paper.add(bytes)
        }
        let steps: [@Sendable () -> Void] = [
            { sink.show(Array("1".utf8), inPlace: true) }, { sink.show(Array("2".utf8), inPlace: true) },
            { sink.log(Array("line".utf8), atNanoseconds: 0) }, { sink.show(Array("3".utf8), inPlace: false) },
            { sink.log(Array("line".utf8), atNanoseconds: 0) }, { sink.show(Array("4".utf8), inPlace: true) },
        ]
        for step in steps {
            step()
            isWritten.wait()
        }
        #expect(sink.flush() == 0)
        sink.show(Array("5".utf8), inPlace: true)
        #expect(sink.flush() == 0)
        let erasure = "\r\u{1B}[K"
        let text = String(decoding: paper.bytes.withLock { $0 }, as: UTF8.self)
        #expect(text == "1\(erasure)2\(erasure)line\n3\nline\n4\(erasure)")
    }

    /// As on a disk that is full for a while.
    @Test func whatCannotBeWrittenIsCountedAsDropped() {
        let paper = Paper()
        let isFull = Mutex(false)
        let sink = LogSink { bytes in isFull.withLock { $0 } ? false : paper.add(bytes) }
        for isFullNow in [false, true, false] {
            isFull.withLock { $0 = isFullNow }
            for _ in 0..<10 { sink.log(Array("line".utf8), atNanoseconds: 0) }
            #expect(sink.flush() == (isFullNow || paper.lines.count > 10 ? 10 : 0))
        }
        #expect(paper.lines.count == 20)
    }

    /// 20 MB are logged, where 4 MiB may wait. The writer never comes back.
    @Test func aWriterThatIsStuckHoldsNobodyUp() {
        let paper = Paper()
        let gate = DispatchSemaphore(value: 0)
        let sink = LogSink(patienceNanoseconds: 1_000_000) { bytes in
            gate.wait()
            return paper.add(bytes)
        }
        for second in 0..<20 {
            for _ in 0..<1_000 {
                sink.log(Array(repeating: 0x2E, count: 1_000), atNanoseconds: Int64(second) * 1_000_000_000)
            }
        }
        #expect(sink.flush() == 20_000, "nothing was written, so all was dropped")
        // What has been given up is not written later on, but for the piece that is under way.
        for _ in 0..<10_000 { gate.signal() }
        #expect(sink.flush() >= 19_995)
        #expect(paper.lines.count <= 5)
    }
}
