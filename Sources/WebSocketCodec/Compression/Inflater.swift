import CZlib

/// A decompressor of messages (RFC 7692 §7.2.2): raw DEFLATE, with a window over what it has inflated before. It takes
/// some 10 KiB, and from its first message on the window.
struct Inflater: ~Copyable {
    /// zlib compares the address of a stream with the one it was set up at: it has to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether what was taken in ends where a block does, and no bit is left over.
    private var isAtEndOfBlock = false

    /// A peer that looks back further than its window is found out where what it refers to has left ours. zlib sees no
    /// harm as long as that is among the output of one call: whether it is depends on how the bytes arrive.
    ///
    /// - Parameter windowBits: the base-2 logarithm of the window that the peer compresses with, 8 to 15.
    init(windowBits: Int) {
        precondition((8...15).contains(windowBits), "a window of \(windowBits) bits")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(
            stream, -Int32(windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot make a decompressor: \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets what was inflated before.
    mutating func reset() { inflateReset(stream) }

    /// Inflates the next piece of a message behind what `output` holds, as far as `meter` lets it. What came out before
    /// a violation has been appended.
    mutating func append(
        _ piece: UnsafeRawBufferPointer, to output: inout ByteBuffer, meter: inout InflationMeter
    ) throws(ProtocolViolation) {
        var rest = piece[...]
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = rest.dropFirst(part.count)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: part.assumingMemoryBound(to: Bytef.self).baseAddress)
            stream.pointee.avail_in = UInt32(part.count)
            repeat {
                try step(into: &output, meter: &meter)
            } while stream.pointee.avail_out == 0
                || stream.pointee.avail_in > 0
        }
    }

    /// Adds what ends every message and is not sent, and judges that the message ended there.
    mutating func finish(_ output: inout ByteBuffer, meter: inout InflationMeter) throws(ProtocolViolation) {
        try withUnsafeBytes(of: Deflater.tail) { (tail) throws(ProtocolViolation) in
            try append(tail, to: &output, meter: &meter)
        }
        guard isAtEndOfBlock else {
            throw .invalidCompression("compressed message that ends inside of a DEFLATE block")
        }
    }

    private mutating func step(
        into output: inout ByteBuffer, meter: inout InflationMeter
    ) throws(ProtocolViolation) {
        let offered = Int(stream.pointee.avail_in)
        let room = min(meter.room, max(1 << 10, min(4 * offered, 1 << 16)))
        var status = Z_OK
        output.appendUninitialized(room) { [stream] place in
            stream.pointee.next_out = place.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = UInt32(room)
            status = inflate(stream, Z_NO_FLUSH)
            return room - Int(stream.pointee.avail_out)
        }
        try meter.add(
            compressed: offered - Int(stream.pointee.avail_in), inflated: room - Int(stream.pointee.avail_out))
        // Bit 7: a block has just ended that is not final; bits 0 to 5: so many bits are left over (zlib.h, `inflate`).
        let state = stream.pointee.data_type
        isAtEndOfBlock = (status == Z_STREAM_END || state & 0b1000_0000 != 0) && state & 0b0011_1111 == 0
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        // A block with BFINAL: what follows goes on with the same window (RFC 7692 §7.2.3.4).
        case Z_STREAM_END: inflateResetKeep(stream)
        case Z_DATA_ERROR:
            let words = stream.pointee.msg.map { ": \(String(cString: $0))" } ?? ""
            throw .invalidCompression("compressed message that is not DEFLATE data\(words)")
        default: preconditionFailure("zlib cannot inflate: \(status)")
        }
    }
}
