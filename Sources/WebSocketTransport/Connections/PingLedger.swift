import WebSocketCodec

/// The pings that the client sent on one connection and no pong has answered yet, oldest first. Without such pings it owns
/// no memory: most are answered before the next, and 18,000 idle sessions have few of them at a time.
package struct PingLedger: ~Copyable {
    /// More are not remembered: a peer may answer only the latest of many (RFC 6455 §5.5.3), or none.
    private static let limit = 1_024
    /// Before its payload each ping has the time it was sent at and the payload's length, both as the machine has them.
    private static let headSize = MemoryLayout<Int64>.size + 1

    private var entries: [UInt8] = []
    private var count = 0

    package init() {}

    package mutating func sent(_ payload: RawSpan, atNanoseconds now: Int64) {
        if count == Self.limit { remove(1, to: end(ofEntryAt: 0)) }
        if entries.isEmpty { entries.reserveCapacity(Self.headSize + payload.byteCount) }
        withUnsafeBytes(of: now) { entries.append(contentsOf: $0) }
        entries.append(UInt8(payload.byteCount))
        payload.withUnsafeBytes { entries.append(contentsOf: $0) }
        count += 1
    }

    /// Takes out the oldest ping of this payload with all those before it, which its pong answers as well. Gives when it
    /// was sent; nil where there is none.
    package mutating func answered(by payload: UnsafeRawBufferPointer) -> Int64? {
        var position = 0
        var passed = 0
        while position < entries.count {
            let end = end(ofEntryAt: position)
            passed += 1
            if entries[(position + Self.headSize)..<end].elementsEqual(payload) {
                let sent = time(ofEntryAt: position)
                remove(passed, to: end)
                return sent
            }
            position = end
        }
        return nil
    }

    /// Takes out the pings sent before a time: the pong to a later one answers them.
    package mutating func forget(sentBeforeNanoseconds limit: Int64) {
        var position = 0
        var passed = 0
        while position < entries.count, time(ofEntryAt: position) < limit {
            position = end(ofEntryAt: position)
            passed += 1
        }
        if passed > 0 { remove(passed, to: position) }
    }

    private func time(ofEntryAt position: Int) -> Int64 {
        entries.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Int64.self) }
    }

    private func end(ofEntryAt position: Int) -> Int {
        position + Self.headSize + Int(entries[position + Self.headSize - 1])
    }

    private mutating func remove(_ pings: Int, to end: Int) {
        count -= pings
        if count == 0 { entries = [] } else { entries.removeFirst(end) }
    }
}
