import Testing
import WebSocketCodec

@Suite struct ByteBufferTests {
    /// Against an array that does the same the obvious way, with appends and consumptions of changing size.
    @Test func behavesLikeAnArray() {
        var buffer = ByteBuffer()
        var model: [UInt8] = []
        var next: UInt8 = 0
        for round in 0..<2000 {
            let added = (0..<(round * 31 % 97)).map { _ -> UInt8 in
                next &+= 1
                return next
            }
            buffer.append(added.span.bytes)
            model += added
            let consumed = min(model.count, round * 53 % 113)
            buffer.consume(consumed)
            model.removeFirst(consumed)
            if round % 100 == 99 {
                buffer.truncate(to: model.count / 2)
                model.removeLast(model.count - model.count / 2)
            }
            #expect(buffer.count == model.count)
            #expect(buffer.readableBytes.elementsEqual(model))
        }
    }

    @Test func ownsNoMemoryWhileNothingWasAppendedOrAfterARelease() {
        var buffer = ByteBuffer()
        #expect(buffer.capacity == 0)
        #expect(buffer.readableBytes.isEmpty)
        buffer.append("Grüße")
        buffer.append(UInt8(ascii: "!"))
        #expect(String(decoding: buffer.readableBytes, as: UTF8.self) == "Grüße!")
        buffer.release()
        #expect(buffer.capacity == 0)
        #expect(buffer.count == 0)
        buffer.append("again")
        #expect(String(decoding: buffer.readableBytes, as: UTF8.self) == "again")
    }

    @Test func appendsAsManyBytesAsWereWritten() {
        var buffer = ByteBuffer()
        buffer.append("a")
        buffer.appendUninitialized(1000) { memory in
            memory.storeBytes(of: UInt8(ascii: "b"), as: UInt8.self)
            return 1
        }
        #expect(String(decoding: buffer.readableBytes, as: UTF8.self) == "ab")
    }

    /// A queue that is written and drained in turns stays in its memory.
    @Test func reusesTheMemoryOfConsumedBytes() {
        var buffer = ByteBuffer()
        let chunk = [UInt8](repeating: 1, count: 100)
        for _ in 0..<1000 {
            buffer.append(chunk.span.bytes)
            buffer.append(chunk.span.bytes)
            buffer.consume(150)
            buffer.consume(50)
        }
        #expect(buffer.capacity == 256)
    }
}
