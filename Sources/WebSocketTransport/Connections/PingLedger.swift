import WebSocketCodec

/// The pings that the client sent on one connection and no pong has answered yet, oldest first. Without such pings it owns
/// no memory.
package struct PingLedger: ~Copyable {
    /// More are not remembered: a peer may answer only the latest of many (RFC 6455 §5.5.3), or none.
    private static let limit = 1_024
    /// Before its payload each ping has the time it was sent at and the payload's length, both as the machine has them.
    private static let headSize = MemoryLayout<Int64>.size + 1

    private var entries = ByteBuffer()
    private var count = 0

    package init() {}

    package mutating func sent(_ payload: RawSpan, atNanoseconds now: Int64) {
        if count == Self.limit { removeFirst() }
        entries.appendUninitialized(Self.headSize) { place in
            place.storeBytes(of: now, as: Int64.self)
            place.storeBytes(of: UInt8(payload.byteCount), toByteOffset: Self.headSize - 1, as: UInt8.self)
            return Self.headSize
        }
        entries.append(payload)
        count += 1
    }

    /// Takes out the oldest ping of this payload with all those before it, which its pong answers as well. Gives when it
    /// was sent; nil where there is none.
    package mutating func answered(by payload: UnsafeRawBufferPointer) -> Int64? {
        let bytes = entries.readableBytes
        var position = 0
        var passed = 0
        while position < bytes.count {
            let length = Int(bytes[position + Self.headSize - 1])
            let start = position + Self.headSize
            passed += 1
            if bytes[start..<start + length].elementsEqual(payload) {
                let sent = bytes.loadUnaligned(fromByteOffset: position, as: Int64.self)
                entries.consume(start + length)
                count -= passed
                releaseIfEmpty()
                return sent
            }
            position = start + length
        }
        return nil
    }

    /// Takes out the pings sent before a time: the pong to a later one answers them.
    package mutating func forget(sentBeforeNanoseconds limit: Int64) {
        while count > 0, entries.readableBytes.loadUnaligned(as: Int64.self) < limit { removeFirst() }
    }

    private mutating func removeFirst() {
        entries.consume(Self.headSize + Int(entries.readableBytes[Self.headSize - 1]))
        count -= 1
        releaseIfEmpty()
    }

    /// Most pings are answered before the next: between them 18,000 idle sessions are 272 bytes smaller each.
    private mutating func releaseIfEmpty() {
        if count == 0 { entries.release() }
    }
}
