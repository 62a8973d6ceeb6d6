import LoadMetrics
import LoadRunner
import Testing

@Suite struct FrameLogTests {
    /// What was noted last is there, however long it was, and the rest is counted.
    @Test(arguments: [0, 1, 5, 8, 64, 137, 199, 200, 201, 5_000])
    func keepsTheLastFrames(_ size: Int) {
        var log = FrameLog()
        for count in 1...300 {
            let payload = Self.payload(of: count, size)
            payload.withUnsafeBytes { log.note(.receivedText, $0, atNanoseconds: Int64(1_000 + count)) }
            let transcript = log.transcript(openedNanoseconds: 1_000, atNanoseconds: 5_000)
            let shown = transcript.frames.count
            #expect(shown + transcript.earlierCount == count)
            // Ten of the usual ones, and never fewer than seven.
            #expect(shown == min(count, FrameLog.shownFrames) || size > 130 && shown >= 7, "\(shown) of \(count)")
            for (frame, number) in zip(transcript.frames, (count - shown + 1)...count) {
                #expect(frame.sinceNanoseconds == Int64(number))
                #expect(frame.size == size)
                #expect(frame.isCut == (size > FrameLog.keptBytes))
                #expect(frame.payload == Array(Self.payload(of: number, size).prefix(FrameLog.keptBytes)))
            }
            #expect(transcript.openNanoseconds == 4_000)
        }
    }

    /// Frames of all sizes after one another.
    @Test func keepsFramesOfDifferentSizes() {
        var log = FrameLog()
        for count in 1...2_000 {
            let payload = Self.payload(of: count, count * 37 % 257)
            payload.withUnsafeBytes { log.note(.sentBinary, $0, atNanoseconds: Int64(count)) }
            let transcript = log.transcript(openedNanoseconds: 0, atNanoseconds: 0)
            #expect(transcript.frames.last?.size == payload.count)
            #expect(transcript.frames.count + transcript.earlierCount == count)
            #expect(transcript.frames.count >= min(count, 7))
            for frame in transcript.frames {
                let number = Int(frame.sinceNanoseconds)
                #expect(frame.payload == Array(Self.payload(of: number, frame.size).prefix(FrameLog.keptBytes)))
            }
        }
    }

    @Test func knowsWhatAFrameIs() {
        let kinds: [FrameLog.Kind] = [
            .sentText, .sentBinary, .sentPing, .sentPong, .sentClose, .receivedText, .receivedBinary, .receivedPing,
            .receivedPong, .receivedClose,
        ]
        var log = FrameLog()
        for kind in kinds { log.note(kind, UnsafeRawBufferPointer(start: nil, count: 0), atNanoseconds: 0) }
        let frames = log.transcript(openedNanoseconds: 0, atNanoseconds: 0).frames
        let names = frames.map { "\($0.direction) \($0.opcode)" }
        #expect(
            names == [
                "sent text", "sent binary", "sent ping", "sent pong", "sent close", "received text",
                "received binary", "received ping", "received pong", "received close",
            ])
    }

    @Test func forgets() {
        var log = FrameLog()
        for _ in 0..<100 { Self.payload(of: 1, 90).withUnsafeBytes { log.note(.sentText, $0, atNanoseconds: 0) } }
        log.removeAll()
        let transcript = log.transcript(openedNanoseconds: 0, atNanoseconds: 0)
        #expect(transcript.frames.isEmpty && transcript.earlierCount == 0)
        // And begins anew, as if it had never had any.
        for count in 1...300 {
            let payload = Self.payload(of: count, 50)
            payload.withUnsafeBytes { log.note(.receivedText, $0, atNanoseconds: 0) }
            let transcript = log.transcript(openedNanoseconds: 0, atNanoseconds: 0)
            #expect(transcript.frames.count + transcript.earlierCount == count)
            #expect(transcript.frames.last?.payload == payload)
        }
    }

    /// Of a payload beyond 4 GiB the size is told as that.
    @Test(arguments: [255, 256, 65_535, 65_536, 1 << 32 - 1, 1 << 32, 1 << 33])
    func knowsTheSizeOfLargePayloads(_ size: Int) {
        // No more than what is kept is read.
        let kept = Self.payload(of: 1, FrameLog.keptBytes)
        var log = FrameLog()
        kept.withUnsafeBytes {
            log.note(.sentBinary, UnsafeRawBufferPointer(start: $0.baseAddress, count: size), atNanoseconds: 0)
        }
        let frame = log.transcript(openedNanoseconds: 0, atNanoseconds: 0).frames.first
        #expect(frame?.size == min(size, Int(UInt32.max)) && frame?.payload == kept)
    }

    /// A session with small frames takes little memory, however many they are.
    @Test(arguments: [(4, 512), (200, 2_048)])
    func takesMemoryAsItIsNeeded(_ size: Int, _ most: Int) {
        var log = FrameLog()
        for _ in 0..<10_000 { Self.payload(of: 1, size).withUnsafeBytes { log.note(.sentPing, $0, atNanoseconds: 0) } }
        #expect(log.allocatedByteCount == most)
    }

    private static func payload(of number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: number &+ $0) }
    }
}
