import CZlib

/// A compressor of messages (RFC 7692 §7.2.1): raw DEFLATE, with a window over what it has compressed before. It takes
/// some 268 KiB with the largest window.
struct Deflater: ~Copyable {
    /// zlib compares the address of a stream with the one it was set up at: it has to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - windowBits: the base-2 logarithm of the window that the peer has, 8 to 15.
    ///   - level: 0 (stored) to 9 (smallest).
    init(windowBits: Int, level: Int) {
        precondition((8...15).contains(windowBits) && (0...9).contains(level), "\(windowBits) bits, level \(level)")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // zlib refuses raw DEFLATE with a window of 8 bits. One of 9 does: it never looks back further than its size
        // less 262 bytes (zlib's lookahead), which is 250 and within the 256 of the peer.
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -Int32(max(windowBits, 9)), 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot make a compressor: \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets what was compressed before.
    mutating func reset() { deflateReset(stream) }

    /// Appends `payload` as the payload of one compressed message.
    mutating func append(_ payload: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
        // §7.2.3.6. zlib has nothing to flush here, and would say nothing.
        guard !payload.isEmpty else { return output.append(0) }
        var rest = payload[...]
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = rest.dropFirst(piece.count)
            append(piece, flush: rest.isEmpty ? Z_SYNC_FLUSH : Z_NO_FLUSH, to: &output)
        }
        // The flush ends with an empty block, of which four bytes are not sent (§7.2.1).
        let kept = output.count - MemoryLayout.size(ofValue: Self.tail)
        let end = output.readableBytes.loadUnaligned(fromByteOffset: kept, as: UInt32.self)
        precondition(end == Self.tail, "a flush without its marker")
        output.truncate(to: kept)
    }

    private mutating func append(_ piece: UnsafeRawBufferPointer, flush: Int32, to output: inout ByteBuffer) {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.assumingMemoryBound(to: Bytef.self).baseAddress)
        stream.pointee.avail_in = UInt32(piece.count)
        repeat {
            // Room for all of it at once, and always for a whole flush: zlib would begin a second one.
            let room = Int(min(deflateBound(stream, UInt(stream.pointee.avail_in)) + 16, 1 << 30))
            output.appendUninitialized(room) { [stream] place in
                stream.pointee.next_out = place.assumingMemoryBound(to: Bytef.self)
                stream.pointee.avail_out = UInt32(room)
                let status = deflate(stream, flush)
                precondition(status == Z_OK || status == Z_BUF_ERROR, "zlib cannot compress: \(status)")
                return room - Int(stream.pointee.avail_out)
            }
        } while stream.pointee.avail_out == 0
    }

    /// The length fields of an empty stored block: the end of every message, and never sent (§7.2.1, §7.2.2).
    static let tail = UInt32(bigEndian: 0x0000_FFFF)
}
